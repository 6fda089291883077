using KlCore.Numerics;

namespace KlCore.Logprobs;

/// <summary>What a token that one side lists can contribute: the larger of two values, at its least and at its largest mass on the other side.</summary>
internal readonly record struct CornerLine(double Low, double AtLow, double High, double AtHigh);

/// <summary>
/// Many of them at one price of mass: sum of max(AtLow - price Low, AtHigh - price High). A token takes its largest mass where the price is below
/// (AtHigh - AtLow)/(High - Low), so after sorting by this slope each sum is two partial ones, however many tokens there are.
/// </summary>
internal sealed class CornerLines
{
    private readonly Sums[] _least;
    private readonly Sums[] _largest;

    public CornerLines(CornerLine[] lines)
    {
        AreInfinite = lines.Any(line => double.IsInfinity(line.AtLow) || double.IsInfinity(line.AtHigh));
        CornerLine[] free = [.. lines.Where(line => line.High > line.Low)];
        Slopes = Array.ConvertAll(free, line => (line.AtHigh - line.AtLow) / (line.High - line.Low));
        Array.Sort(Slopes, free);
        (_least, _largest) = (new Sums[free.Length + 1], new Sums[free.Length + 1]);
        // Those without a choice are among the first partial sum whatever the price.
        foreach (var line in lines.Where(line => !(line.High > line.Low))) _least[0].Add(Math.Max(line.AtLow, line.AtHigh), line.Low);
        for (var i = 0; i < free.Length; i++)
        {
            _least[i + 1] = _least[i];
            _least[i + 1].Add(free[i].AtLow, free[i].Low);
        }

        for (var i = free.Length - 1; i >= 0; i--)
        {
            _largest[i] = _largest[i + 1];
            _largest[i].Add(free[i].AtHigh, free[i].High);
        }
    }

    /// <summary>Whether one of the values is infinite; then there is no sum.</summary>
    public bool AreInfinite { get; }

    /// <summary>The prices at which a token changes over, in ascending order.</summary>
    public double[] Slopes { get; }

    /// <summary>The largest that all contribute together at a price.</summary>
    public double Best(double price)
    {
        var (low, high) = (0, Slopes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Slopes[middle] > price) high = middle;
            else low = middle + 1;
        }

        return _least[low].At(price) + _largest[low].At(price);
    }

    private struct Sums
    {
        private CompensatedSum _values;
        private CompensatedSum _masses;

        public void Add(double value, double mass)
        {
            _values.Add(value);
            _masses.Add(mass);
        }

        public readonly double At(double price) => _values.Value - (price * _masses.Value);
    }
}
