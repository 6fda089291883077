using System.Runtime.InteropServices;
using System.Text.Json;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Logits.Reports;
using KlCore.Training;
using KlCore.Training.LogitsComparison;

namespace KlCore.Tests.Training.LogitsComparison;

public class LogitsComparisonTests
{
    private const int Vocabulary = 5000;

    private static readonly LogitsComparisonSpecification Specification = new() { Baseline = "p", Candidate = "q", Options = new ReportOptions { ClusterSize = 7 } };

    private static string Json(TrainingRun run) => JsonSerializer.Serialize((ComparisonReport)run.Finish().Result);

    private static TrainingRun Start(int rows = 350, LogitsComparisonSpecification? specification = null) => (specification ?? Specification).Start(new Inputs(rows));

    [Fact]
    public void Run_SavedAndRestoredAtEachStep_EndsWithTheSameBits()
    {
        var whole = Start();
        while (!whole.IsComplete) whole.Step();
        Assert.Equal(4, whole.TotalSteps);
        var expected = Json(whole);
        for (var stop = 0; stop < 4; stop++)
        {
            var first = Start();
            for (var step = 0; step < stop; step++) first.Step();
            var second = Start();
            second.Restore(first.Save());
            Assert.Equal(stop, second.CompletedSteps);
            while (!second.IsComplete) second.Step();
            Assert.Equal(expected, Json(second));
        }
    }

    [Fact]
    public void Restore_OfAnotherState_IsRefused()
    {
        var run = Start();
        run.Step();
        Assert.Throws<InvalidInputException>(() => Start(rows: 20).Restore(run.Save()));
        Assert.Throws<InvalidInputException>(() => Start().Restore(run.Save().AsMemory(1)));
    }

    [Fact]
    public void Inputs_ThatAreMissingOrTooMany_AreNamed()
    {
        var problems = new Problems();
        (Specification with { Baseline = "none" }).CheckInputs(new Inputs(10), problems);
        Assert.Equal(["/baseline"], problems.ByPointer().Keys);
        problems = new Problems();
        Specification.CheckInputs(new Inputs((1 << 19) + 1), problems);
        Assert.Equal(["/baseline", "/candidate"], problems.ByPointer().Keys);
        problems = new Problems();
        (Specification with { Options = new ReportOptions { Temperature = 0 }, Gate = new Dictionary<string, double> { ["loveliness"] = 1 } }).Check(problems);
        Assert.Equal(["/options/temperature", "/gate/loveliness"], problems.ByPointer().Keys);
    }

    private sealed class Inputs(int rows) : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new NotSupportedException();

        public StoredLogits? Logits(string name) => name is "p" or "q" ? new Made(rows, name == "p" ? 0 : 0.1f) : null;
    }

    /// <summary>Logits that follow from row and token.</summary>
    private sealed class Made(int rows, float difference) : StoredLogits
    {
        public override LogitsShape Shape { get; } = new(LogitsFormat.Npy, ElementType.F32, Vocabulary, rows) { DataType = "f32" };

        public override long Rows => rows;

        public override bool HasTargets => true;

        public override void Read(long first, Memory<byte> destination)
        {
            var values = MemoryMarshal.Cast<byte, float>(destination.Span);
            for (var i = 0; i < values.Length; i++) values[i] = MathF.Sin(first * Vocabulary + i) + difference * MathF.Cos(3 * i);
        }

        public override void ReadTargets(long first, Span<int> targets)
        {
            for (var i = 0; i < targets.Length; i++) targets[i] = (int)(first + i) % Vocabulary;
        }
    }
}
