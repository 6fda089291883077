using System.Runtime.InteropServices;
using System.Text;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Logits.Reports;
using KlCore.Training;
using KlCore.Training.LogitsComparison;

namespace KlCore.Tests.Training.LogitsComparison;

public class LogitsComparisonTests
{
    // Several blocks of rows, and chunks that end in the middle of them.
    private const int RowCount = 9000;
    private const int Vocabulary = 12;

    private static readonly LogitsComparisonSpecification Specification = new()
    {
        Baseline = "p",
        Candidate = "q",
        ClusterSize = 1000,
        Skip = 10,
        TopK = [3],
        Gate = new Dictionary<string, double> { ["forwardMean"] = 0.001, ["forwardP99"] = 1 },
    };

    private static readonly MemoryInputs Inputs = new(new Dictionary<string, MemoryLogits> { ["p"] = Logits(1, 0), ["q"] = Logits(1, 0.3) });

    [Fact]
    public void Run_ToItsEnd_IsTheReportOfOnePass()
    {
        using var run = Specification.Start(Inputs);
        Assert.Equal(3, run.TotalSteps);
        var outcome = Finish(run);
        var positions = new Position[RowCount];
        var (p, q) = (Inputs.Sides["p"], Inputs.Sides["q"]);
        RowComparison.Compare(
            new LogitRows(p.Bytes, ElementType.F32, Vocabulary), new LogitRows(q.Bytes, ElementType.F32, Vocabulary), p.Tokens, new RowOptions { TopK = [3] }, positions, CancellationToken.None);
        var builder = new ReportBuilder(new ReportOptions { ClusterSize = 1000, Skip = 10, TopK = [3] }, p.Shape, q.Shape);
        builder.Add(positions);
        var expected = builder.Build([positions]);
        Assert.Equal(expected.Forward.Mean, outcome.Report.Forward.Mean);
        Assert.Equal(expected.Forward.ClusterStandardError, outcome.Report.Forward.ClusterStandardError);
        Assert.Equal(expected.Forward.Percentiles, outcome.Report.Forward.Percentiles);
        Assert.Equal((expected.Perplexity!.P, expected.Perplexity.Q), (outcome.Report.Perplexity!.P, outcome.Report.Perplexity.Q));
        Assert.Equal(Verdict.Fail, outcome.Report.Gate!.Verdict);
        Assert.Equal(["report.json", "positions.npy"], outcome.Artifacts.Select(artifact => artifact.Name));
        Assert.Equal(RowCount - 90, ((LogitsComparisonResult)outcome.Result).Histogram.Positions.Sum());
    }

    [Fact]
    public void Step_Tells_TheMeanOfTheRowsSoFar()
    {
        using var run = Specification.Start(Inputs);
        IReadOnlyList<KeyValuePair<string, double>> last = [];
        while (!run.IsComplete) last = run.Step();
        var report = ((LogitsComparisonOutcome)run.Finish()).Report;
        Assert.Equal([new("rows", RowCount), new("forwardMean", report.Forward.Mean), new("top1", report.Agreement.Top1.Rate)], last);
    }

    [Fact]
    public void Restore_AtAnyStep_ChangesNoBit()
    {
        using var undisturbed = Specification.Start(Inputs);
        var expected = Finish(undisturbed);
        for (var steps = 0; steps <= 3; steps++)
        {
            using var first = Specification.Start(Inputs);
            for (var i = 0; i < steps; i++) first.Step();
            using var second = Specification.Start(Inputs);
            second.Restore(first.Save());
            Assert.Equal(steps, second.CompletedSteps);
            var outcome = Finish(second);
            for (var i = 0; i < 2; i++) Assert.Equal(expected.Artifacts[i].Content.ToArray(), outcome.Artifacts[i].Content.ToArray());
        }
    }

    [Fact]
    public void Restore_OfOtherInputs_FailsAtTheNextStep()
    {
        using var first = Specification.Start(Inputs);
        first.Step();
        using var second = Specification.Start(new MemoryInputs(new() { ["p"] = Inputs.Sides["p"], ["q"] = Logits(2, 0.3) }));
        second.Restore(first.Save());
        Assert.Equal("inputs-changed", Assert.Throws<NotComputableException>(second.Step).Code);
    }

    [Fact]
    public void Restore_OfWhatIsNoCheckpoint_IsRefused()
    {
        using var first = Specification.Start(Inputs);
        first.Step();
        var state = first.Save();
        foreach (var broken in (byte[][])[[], [1, 2, 3], [.. BitConverter.GetBytes(1L << 40), .. state[8..]], state[..^1], [.. state[..9], .. Encoding.ASCII.GetBytes(new string('x', 40)), .. state[49..]]])
        {
            using var second = Specification.Start(Inputs);
            Assert.Throws<InvalidInputException>(() => second.Restore(broken));
        }
    }

    [Fact]
    public void CheckInputs_NamesWhatIsNotThere()
    {
        var problems = new Problems();
        (Specification with { Baseline = "a", Candidate = "b" }).CheckInputs(Inputs, problems);
        Assert.Equal(["/baseline", "/candidate"], problems.ByPointer().Keys);
    }

    [Fact]
    public void CheckInputs_OfMoreRowsThanAJobTakes_SaysWhatToDo()
    {
        var problems = new Problems();
        Specification.CheckInputs(new Vast(), problems);
        Assert.Contains("has 500001", Assert.Single(problems.ByPointer()["/baseline"]), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckInputs_OfSidesThatDoNotFit_IsNotComputable()
    {
        var inputs = new MemoryInputs(new() { ["p"] = Inputs.Sides["p"], ["short"] = Logits(1, 0, rows: 5), ["wide"] = Logits(1, 0, vocabulary: 13) });
        Assert.Equal("row-count-mismatch", Assert.Throws<NotComputableException>(() => (Specification with { Candidate = "short" }).CheckInputs(inputs, new Problems())).Code);
        Assert.Equal("vocabulary-mismatch", Assert.Throws<NotComputableException>(() => (Specification with { Candidate = "wide" }).CheckInputs(inputs, new Problems())).Code);
        (Specification with { Candidate = "wide", VocabularyPolicy = VocabularyPolicy.Truncate }).CheckInputs(inputs, new Problems());
    }

    [Fact]
    public void Start_WithTargetsOfAnotherText_IsNotComputable()
    {
        var other = Logits(1, 0.3);
        other.Tokens[77] = (other.Tokens[77] + 1) % Vocabulary;
        var exception = Assert.Throws<NotComputableException>(() => Specification.Start(new MemoryInputs(new() { ["p"] = Inputs.Sides["p"], ["q"] = other })));
        Assert.Equal("token-mismatch", exception.Code);
        Assert.Contains("index 77", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithTargetsThatOneSideLacks_TakesThoseOfTheOther()
    {
        var (p, q) = (Logits(1, 0), Logits(1, 0.3));
        Array.Fill(p.Tokens, -1, 0, 4000);
        Array.Fill(q.Tokens, -1, 5000, 4000);
        using var whole = Specification.Start(Inputs);
        using var joined = Specification.Start(new MemoryInputs(new() { ["p"] = p, ["q"] = q }));
        Assert.Equal(Finish(whole).Artifacts[1].Content.ToArray(), Finish(joined).Artifacts[1].Content.ToArray());
    }

    [Fact]
    public void Restore_OfAnotherTensorOfTheSameFile_FailsAtTheNextStep()
    {
        using var first = Specification.Start(Inputs);
        first.Step();
        using var second = Specification.Start(new MemoryInputs(new() { ["p"] = Inputs.Sides["p"], ["q"] = Inputs.Sides["q"].Of("other") }));
        second.Restore(first.Save());
        Assert.Equal("inputs-changed", Assert.Throws<NotComputableException>(second.Step).Code);
    }

    [Fact]
    public void Check_CollectsWhatIsWrong()
    {
        var problems = new Problems();
        (Specification with { Temperature = 0, Percentiles = [50, 101], ClusterSize = 5, Skip = 5, Gate = new Dictionary<string, double> { ["nothing"] = 1 } }).Check(problems);
        Assert.Equal(["/temperature", "/percentiles/1", "/skip", "/gate/nothing"], problems.ByPointer().Keys);
    }

    private static LogitsComparisonOutcome Finish(TrainingRun run)
    {
        while (!run.IsComplete) run.Step();
        return (LogitsComparisonOutcome)run.Finish();
    }

    private static MemoryLogits Logits(int seed, double noise, int rows = RowCount, int vocabulary = Vocabulary)
    {
        var (random, other) = (new Random(seed), new Random(77));
        var numbers = new float[rows * vocabulary];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)((6 * random.NextDouble()) + (noise * other.NextDouble()));
        var targets = new Random(3);
        return new MemoryLogits(MemoryMarshal.AsBytes<float>(numbers).ToArray(), vocabulary, [.. Enumerable.Range(0, rows).Select(_ => targets.Next(Vocabulary))], $"{seed:x2}{(int)(100 * noise):x2}");
    }

    private sealed class MemoryInputs(Dictionary<string, MemoryLogits> sides) : ITrainingInputs
    {
        public Dictionary<string, MemoryLogits> Sides => sides;

        public double[][] Rows(DatasetColumns columns) => throw new InvalidOperationException();

        public LogitsFacts? FindLogits(string name) => sides.GetValueOrDefault(name)?.Facts;

        public IStoredLogits? OpenLogits(string name) => sides.GetValueOrDefault(name)?.Open();
    }

    private sealed class Vast : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new InvalidOperationException();

        public LogitsFacts? FindLogits(string name) => new(500_001, 10, "00");
    }

    private sealed class MemoryLogits(byte[] bytes, int vocabulary, int[] tokens, string hash, string? tensor = null) : IStoredLogits
    {
        private int _next;

        public byte[] Bytes => bytes;

        public int[] Tokens => tokens;

        public LogitsFacts Facts => new(tokens.Length, vocabulary, hash, tensor);

        public LogitsShape Shape => new(LogitsFormat.Npy, ElementType.F32, vocabulary, tokens.Length) { DataType = "f32" };

        public IReadOnlyList<int> Targets => tokens;

        public MemoryLogits Open() => new(bytes, vocabulary, tokens, hash, tensor);

        public MemoryLogits Of(string other) => new(bytes, vocabulary, tokens, hash, other);

        public void Read(Memory<byte> rows)
        {
            bytes.AsMemory(_next, rows.Length).CopyTo(rows);
            _next += rows.Length;
        }

        public void Skip(long rows) => _next += (int)(rows * Shape.RowBytes);

        public void Dispose()
        {
        }
    }
}
