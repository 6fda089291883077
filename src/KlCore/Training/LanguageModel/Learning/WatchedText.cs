using KlCore.Formats;
using KlCore.Networks.Language;
using KlCore.Numerics;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>Blocks that lie evenly in the held-out part, looked at again and again on the way, piece by piece.</summary>
internal sealed class WatchedText
{
    /// <summary>How many held-out positions are looked at on the way; the result is measured on all.</summary>
    private const int Positions = 16384;

    private readonly int[] _stream, _starts;
    private readonly int _length, _blocksPerStep;
    private readonly double[] _scores;
    private double _sum;

    /// <param name="stream">The text.</param>
    /// <param name="network">What will be asked.</param>
    /// <param name="blocksPerStep">How many blocks of <see cref="HeldOutScores.Block"/> positions a step can score.</param>
    public WatchedText(TokenStream stream, TokenNetwork network, int blocksPerStep)
    {
        var (from, count) = (stream.TrainingLength, stream.Tokens.Length - stream.TrainingLength);
        _stream = stream.Tokens;
        _length = Math.Min(NetworkReader.StrideOf(network), count);
        var blocks = Math.Max(1, Math.Min(count, Positions) / _length);
        _starts = [.. Enumerable.Range(0, blocks).Select(i => from + (int)((long)(count - _length) * i / Math.Max(1, blocks - 1)))];
        _blocksPerStep = Math.Max(1, blocksPerStep * HeldOutScores.Block / _length);
        _scores = new double[_blocksPerStep * _length];
    }

    /// <summary>How many steps a look takes.</summary>
    public int Steps => (_starts.Length + _blocksPerStep - 1) / _blocksPerStep;

    /// <summary>How many steps of the look in progress are taken.</summary>
    public int CompletedSteps { get; private set; }

    /// <summary>Takes a step; at the end of a look the mean of -ln q, and null before.</summary>
    public double? Step(TokenModel model)
    {
        var first = CompletedSteps * _blocksPerStep;
        var starts = _starts.AsSpan(first, Math.Min(_blocksPerStep, _starts.Length - first));
        model.ScoreMany(_stream, starts, _length, _scores);
        var sum = new CompensatedSum();
        sum.Add(_sum);
        foreach (var score in _scores.AsSpan(0, starts.Length * _length)) sum.Add(-score);
        _sum = sum.Value;
        if (++CompletedSteps < Steps) return null;
        var mean = _sum / ((long)_starts.Length * _length);
        (_sum, CompletedSteps) = (0, 0);
        return mean;
    }

    /// <summary>Its state.</summary>
    public IEnumerable<Tensor> Save() => [new Tensor("watched", [CompletedSteps, _sum])];

    /// <summary>Continues from what <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        var numbers = new double[2];
        checkpoint.Read("watched", numbers);
        (CompletedSteps, _sum) = ((int)Math.Clamp(numbers[0], 0, Steps - 1), numbers[1]);
    }
}
