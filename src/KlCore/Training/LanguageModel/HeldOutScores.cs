using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Training.LanguageModel;

/// <summary>Scores positions of the text, piece by piece, and keeps of each block of neighbours how unlikely it was: neighbours depend on each other, blocks hardly.</summary>
internal sealed class HeldOutScores
{
    /// <summary>Positions in a block.</summary>
    public const int Block = 256;

    private readonly string _name;
    private readonly int[] _stream;
    private readonly int[] _starts;
    private readonly double[] _sums, _impossible;
    private readonly int _to, _blocksPerStep;
    private double[] _scores = [];

    /// <param name="name">Names its state in checkpoints.</param>
    /// <param name="stream">The text.</param>
    /// <param name="from">The first position that counts, at least 1.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="most">How many positions to look at: blocks that lie evenly.</param>
    /// <param name="blocksPerStep">How many blocks a step scores.</param>
    public HeldOutScores(string name, int[] stream, int from, int to, int most, int blocksPerStep = 8)
    {
        (_name, _stream, _to, _blocksPerStep) = (name, stream, to, blocksPerStep);
        var blocks = (to - from + Block - 1) / Block;
        var count = Math.Clamp((most + Block - 1) / Block, 1, blocks);
        _starts = [.. Enumerable.Range(0, count).Select(i => from + Block * (int)((long)i * blocks / count))];
        (_sums, _impossible) = (new double[count], new double[count]);
    }

    /// <summary>How many blocks are scored.</summary>
    public int Done { get; private set; }

    /// <summary>How many steps it takes.</summary>
    public int Steps => (_starts.Length + _blocksPerStep - 1) / _blocksPerStep;

    /// <summary>How many of them are taken.</summary>
    public int CompletedSteps => (Done + _blocksPerStep - 1) / _blocksPerStep;

    /// <summary>How many positions were scored.</summary>
    public long Positions => Enumerable.Range(0, Done).Sum(block => (long)LengthOf(block));

    /// <summary>How many of them were held for impossible.</summary>
    public long Impossible => (long)_impossible.Sum();

    /// <summary>Scores some blocks; returns the mean of -ln q so far.</summary>
    public double Step(TokenModel model)
    {
        var end = Math.Min(Done + _blocksPerStep, _starts.Length);
        // Only the last block may be shorter than the others, and is asked for by itself.
        var isLastShort = LengthOf(end - 1) < Block;
        Score(model, isLastShort ? end - 1 : end);
        if (isLastShort) Score(model, end);
        return Mean();
    }

    /// <summary>The mean of -ln q; infinite where something happened that was held for impossible.</summary>
    public double Mean() => Impossible > 0 ? double.PositiveInfinity : Total() / Positions;

    /// <summary>The standard error of the mean, from how the blocks differ; null where it has none.</summary>
    public double? StandardError()
    {
        if (Done < 2 || Impossible > 0) return null;
        var mean = Mean();
        var squares = Enumerable.Range(0, Done).Sum(block => Math.Pow(_sums[block] - mean * LengthOf(block), 2));
        return Math.Sqrt(squares * Done / (Done - 1)) / Positions;
    }

    /// <summary>Its state.</summary>
    public IEnumerable<Tensor> Save() => [new Tensor($"{_name}.done", Done), new Tensor($"{_name}.sums", _sums), new Tensor($"{_name}.impossible", _impossible)];

    /// <summary>Continues from what <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        Done = (int)Math.Min(checkpoint.Count($"{_name}.done"), _starts.Length);
        checkpoint.Read($"{_name}.sums", _sums);
        checkpoint.Read($"{_name}.impossible", _impossible);
    }

    private void Score(TokenModel model, int end)
    {
        if (Done == end) return;
        var length = LengthOf(Done);
        if (_scores.Length < (end - Done) * length) _scores = new double[(end - Done) * length];
        model.ScoreMany(_stream, _starts.AsSpan(Done, end - Done), length, _scores);
        for (var scores = _scores.AsSpan(); Done < end; Done++, scores = scores[length..])
        {
            var sum = new CompensatedSum();
            foreach (var score in scores[..length])
            {
                if (double.IsNegativeInfinity(score)) _impossible[Done]++;
                else sum.Add(-score);
            }

            _sums[Done] = sum.Value;
        }
    }

    private int LengthOf(int block) => Math.Min(Block, _to - _starts[block]);

    private double Total()
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < Done; i++) sum.Add(_sums[i]);
        return sum.Value;
    }
}
