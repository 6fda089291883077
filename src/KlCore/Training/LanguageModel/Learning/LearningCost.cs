using System.Globalization;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>What training a network takes: memory, time, and the pieces that keep steps short. All of it follows from the specification, so that pieces are the same on every machine.</summary>
internal sealed class LearningCost
{
    /// <summary>Additions and multiplications in a step: some 20 ms on two cores.</summary>
    private const double FlopsPerStep = 3e9;

    /// <summary>One sequence cannot be cut, and takes at most this.</summary>
    private const double MaximumSequenceFlops = 6e9;

    private const double FlopsPerSecond = 1e11;
    private const double MaximumHours = 48;
    private const double MemoryLimit = 1L << 30;

    /// <summary>Values and gradient, those of four copies, two moments, the best so far, and what writing them to a checkpoint takes.</summary>
    private const int BytesPerParameter = 100;

    /// <summary>Copies that only read: they look at the held-out text.</summary>
    private const int Readers = 5;

    private readonly NetworkSize _size;
    private readonly LanguageModelSpecification _training;
    private readonly double _bytes;

    public LearningCost(NetworkDesign design, int vocabulary, LanguageModelSpecification training)
    {
        (_size, _training) = (design.Size(vocabulary), training);
        // A teacher's pass costs about as much again as the student's two, as long as it is not many times as large.
        var share = training.Objective is Distilled ? 0.5 : 1;
        BatchSize = training.BatchSize ?? design.UsualBatchSize;
        var most = (int)Math.Clamp(share * FlopsPerStep / _size.Flops, 1, BatchSize);
        Pieces = (BatchSize + most - 1) / most;
        PieceSize = (BatchSize + Pieces - 1) / Pieces;
        var taught = training.Objective is Distilled ? (double)_size.Rows * vocabulary : 0;
        var read = Readers * (double)(_size.Rows > 1 ? 1 : NetworkReader.MaximumPaddedRows) * _size.Activations;
        _bytes = BytesPerParameter * (double)_size.Parameters + sizeof(float) * (PieceSize * (_size.Activations + taught) + read);
    }

    /// <summary>Sequences in a step of the optimizer.</summary>
    public int BatchSize { get; }

    /// <summary>In how many pieces they are taken.</summary>
    public int Pieces { get; }

    /// <summary>Sequences in a piece; fewer in the last.</summary>
    public int PieceSize { get; }

    /// <summary>How many blocks of held-out positions a step can score: a forward pass over a sequence scores half of it, or all its rows.</summary>
    public static int BlocksPerStep(NetworkSize size)
    {
        var perPosition = size.Flops / 3 / Math.Max(1, size.Rows / 2);
        return (int)Math.Clamp(FlopsPerStep / (perPosition * HeldOutScores.Block), 1, 8);
    }

    /// <summary>How many tokens can be drawn in a step, each by a forward pass on one core.</summary>
    public static int TokensPerStep(NetworkSize size) => (int)Math.Clamp(FlopsPerStep / 2 / (size.Flops / 3), 1, 16);

    public void Check(Problems problems)
    {
        if (_size.Flops > MaximumSequenceFlops)
            problems.Add("model", Invariant($"must be smaller: one sequence takes {_size.Flops / 1e9:F1} billion operations, and {MaximumSequenceFlops / 1e9:F0} are allowed"));
        if (_bytes > MemoryLimit)
            problems.Add("model", Invariant($"must be smaller: {_size.Parameters} parameters and a batch of {BatchSize} take about {_bytes / (1 << 20):F0} MiB, and {MemoryLimit / (1 << 20):F0} MiB are allowed"));
        var hours = _size.Flops * BatchSize * _training.UsedSteps() / FlopsPerSecond / 3600;
        if (hours > MaximumHours)
            problems.Add("steps", Invariant($"must be fewer for so large a model: they take about {hours:F0} hours, and {MaximumHours:F0} are allowed"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
