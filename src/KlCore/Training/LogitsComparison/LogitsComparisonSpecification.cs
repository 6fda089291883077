using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Training.LogitsComparison;

/// <summary>
/// Compares two stored baselines position by position: the report that comparing one of them with the other as an upload would give, as work that
/// is watched, cancelled and resumed. Nothing about it is random; the seed means nothing.
/// </summary>
public sealed record LogitsComparisonSpecification : TrainingSpecification
{
    /// <summary>The most rows of one job: what each of them contributed is kept in memory and in checkpoints.</summary>
    public const long MaximumRows = 500_000;

    /// <summary>p: the name of the baseline that is the reference.</summary>
    public required string Baseline { get; init; }

    /// <summary>q: the name of the baseline that is compared with it.</summary>
    public required string Candidate { get; init; }

    /// <inheritdoc cref="ReportOptions.Temperature"/>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <inheritdoc cref="ReportOptions.Unit"/>
    public Unit Unit { get; init; }

    /// <inheritdoc cref="ReportOptions.Percentiles"/>
    [Finite]
    public IReadOnlyList<double> Percentiles { get; init; } = ReportOptions.DefaultPercentiles;

    /// <inheritdoc cref="ReportOptions.TopK"/>
    public IReadOnlyList<int> TopK { get; init; } = [5, 10];

    /// <inheritdoc cref="ReportOptions.ClusterSize"/>
    [Range(1, int.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ClusterSize { get; init; }

    /// <inheritdoc cref="ReportOptions.Skip"/>
    [Range(0, int.MaxValue)]
    public int Skip { get; init; }

    /// <inheritdoc cref="ReportOptions.VocabularyPolicy"/>
    public VocabularyPolicy VocabularyPolicy { get; init; }

    /// <inheritdoc cref="ReportOptions.NonFinite"/>
    public NonFinitePolicy NonFinite { get; init; }

    /// <inheritdoc cref="ReportOptions.Worst"/>
    [Range(0, 1000)]
    public int Worst { get; init; } = 10;

    /// <inheritdoc cref="ReportOptions.Compatibility"/>
    public Compatibility Compatibility { get; init; }

    /// <summary>Limits to hold the report against, such as <c>forwardMean</c> 0.01, in the report's unit. The job succeeds whatever the verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Finite]
    public IReadOnlyDictionary<string, double>? Gate { get; init; }

    /// <summary>How the report is made.</summary>
    internal ReportOptions Options() => new()
    {
        Temperature = Temperature,
        Unit = Unit,
        Percentiles = Percentiles,
        TopK = TopK,
        ClusterSize = ClusterSize,
        Skip = Skip,
        VocabularyPolicy = VocabularyPolicy,
        NonFinite = NonFinite,
        Worst = Worst,
        Compatibility = Compatibility,
    };

    /// <summary>The limits; legal after <see cref="Check"/>.</summary>
    internal Gate? Limits() => Logits.Reports.Gate.Parse(Gate ?? new Dictionary<string, double>(), new Problems());

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Options().CheckTogether(problems);
        Logits.Reports.Gate.Parse(Gate ?? new Dictionary<string, double>(), problems.At("gate"), "");
    }

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        var (p, q) = (inputs.FindLogits(Baseline), inputs.FindLogits(Candidate));
        if (p is null) problems.Add("baseline", Gone);
        if (q is null) problems.Add("candidate", Gone);
        if (p?.Rows > MaximumRows) problems.Add("baseline", $"must have at most {MaximumRows} rows for a job, has {p.Rows}; parts of it can be compared each and their reports merged");
        if (!problems.Any) Require(p!, q!);
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        IStoredLogits? p = null, q = null;
        try
        {
            p = inputs.OpenLogits(Baseline) ?? throw new InvalidInputException("baseline", Gone);
            q = inputs.OpenLogits(Candidate) ?? throw new InvalidInputException("candidate", Gone);
            Require(p.Facts, q.Facts);
            return new LogitsComparisonRun(this, p, q);
        }
        catch
        {
            p?.Dispose();
            q?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["histogram", "forward"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "histogram" => LogitsComparisonCharts.Histogram(result),
        "forward" => LogitsComparisonCharts.Forward(history, Unit),
        _ => null,
    };

    private const string Gone = "must be the name of a baseline, there is none of this name";

    private void Require(LogitsFacts p, LogitsFacts q) => SidesMatch.Require(Options(), (p.Vocabulary, p.Rows), (q.Vocabulary, q.Rows));
}
