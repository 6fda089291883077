using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text;
using KlApi.Storage;
using KlCore.Charts;
using KlCore.Training;

namespace KlApi.Tests.Jobs;

/// <summary>
/// A job for tests of the engine: each step folds the one before into a hash, so that a step that is lost, doubled or resumed from the wrong
/// state shows in the result. It can be made slow, to fail, to diverge, and to kill its process.
/// </summary>
public sealed record Walk : TrainingSpecification
{
    [Range(0, 1_000_000)]
    public int Steps { get; init; } = 10;

    [Range(0, 10_000)]
    public int StepMilliseconds { get; init; }

    public int? KillsProcessAtStep { get; init; }

    public int? FailsAtStep { get; init; }

    public int? DivergesAtStep { get; init; }

    public int? IsNanAtStep { get; init; }

    /// <summary>So many attempts find that the storage of their data is busy.</summary>
    public int BusyReads { get; init; }

    public string? Dataset { get; init; }

    /// <summary>Takes room and does nothing.</summary>
    public string? Note { get; init; }

    /// <summary>How often the jobs of a service have begun to read their data.</summary>
    private static readonly ConcurrentDictionary<ITrainingInputs, int> Reads = new();

    public override IEnumerable<DatasetColumns> Datasets() => Dataset is null ? [] : [new DatasetColumns(Dataset, null) { Member = "target" }];

    public override TrainingRun Start(ITrainingInputs inputs)
    {
        if (BusyReads > 0 && Reads.AddOrUpdate(inputs, 1, (_, count) => count + 1) <= BusyReads) throw new StorageException(StorageFault.Busy, "The database is locked.");
        return new WalkRun(this);
    }

    public override IReadOnlyList<string> ChartNames() => ["loss", "later"];

    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) =>
        name == "loss" && history.TryGetValue("loss", out var loss)
            ? new Chart("Loss", new Axis("step"), new Axis("loss"), [new Series("loss", SeriesKind.Line, [.. loss.Steps.Select(step => (double)step)], loss.Values)])
            : null;

    /// <summary>The result of a run that nothing disturbs, computed here and not by the engine.</summary>
    public string ExpectedHash()
    {
        var state = (ulong)Seed;
        for (var step = 1; step <= Steps; step++) state = Fold(state, step);
        return state.ToString("x16");
    }

    internal static ulong Fold(ulong state, long step) => System.Numerics.BitOperations.RotateLeft((state ^ (ulong)step) * 0x9E3779B97F4A7C15UL, 27) + 1;

    internal static double Loss(ulong state) => state / 18446744073709551616.0;
}

public sealed record WalkResult(string Hash, long Steps);

internal sealed class WalkRun(Walk walk) : TrainingRun
{
    private ulong _state = (ulong)walk.Seed;
    private long _step;

    public override long TotalSteps => walk.Steps;

    public override long CompletedSteps => _step;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        _step++;
        // Not before its submission has been answered.
        if (_step == walk.KillsProcessAtStep) Thread.Sleep(500);
        if (_step == walk.KillsProcessAtStep) Environment.FailFast("A poisonous job.");
        if (_step == walk.FailsAtStep) throw new InvalidDataException("Something inside.");
        if (_step == walk.DivergesAtStep) throw new TrainingDivergedException(_step, Walk.Loss(_state));
        _state = Walk.Fold(_state, _step);
        if (walk.StepMilliseconds > 0) Thread.Sleep(walk.StepMilliseconds);
        return [new("loss", _step == walk.IsNanAtStep ? double.NaN : Walk.Loss(_state)), new("minus", -Walk.Loss(_state))];
    }

    public override byte[] Save()
    {
        var state = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(state, _step);
        BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(8), _state);
        return state;
    }

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        _step = BinaryPrimitives.ReadInt64LittleEndian(state.Span);
        _state = BinaryPrimitives.ReadUInt64LittleEndian(state.Span[8..]);
    }

    public override TrainingOutcome Finish() => new(
        new WalkResult(_state.ToString("x16"), _step),
        [new Artifact("report.json", "application/json", Encoding.UTF8.GetBytes("{\"hash\":\"" + _state.ToString("x16") + "\"}"))]);
}
