using KlCore.Numerics;

namespace KlCore.Training;

/// <summary>The order in which an epoch goes through its examples: a new permutation for each, known from the seed and the number of the epoch alone.</summary>
internal sealed class EpochOrder
{
    private readonly int[] _order;
    private readonly long _seed;
    private readonly string _purpose;
    private long _epoch = -1;

    public EpochOrder(int examples, long seed, string purpose = "epoch order")
    {
        _order = new int[examples];
        (_seed, _purpose) = (seed, purpose);
    }

    /// <summary>The order of an epoch, counted from 0.</summary>
    public ReadOnlySpan<int> Of(long epoch)
    {
        if (epoch != _epoch)
        {
            for (var i = 0; i < _order.Length; i++) _order[i] = i;
            new RandomStream(_seed, epoch, _purpose).Shuffle<int>(_order);
            _epoch = epoch;
        }

        return _order;
    }

    /// <summary>
    /// Which of the examples train and which are held out: a random part of the given size, at least one of each where there are two, in ascending order.
    /// </summary>
    public static (int[] Training, int[] HeldOut) Split(int examples, double heldOutFraction, long seed)
    {
        var order = Enumerable.Range(0, examples).ToArray();
        new RandomStream(seed, 0, "held out").Shuffle<int>(order);
        var heldOut = heldOutFraction == 0 ? 0 : Math.Clamp((int)Math.Round(heldOutFraction * examples), Math.Min(1, examples - 1), examples - 1);
        return ([.. order[heldOut..].Order()], [.. order[..heldOut].Order()]);
    }
}
