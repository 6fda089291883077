using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Autoencoder;
using KlCore.Training.Classifier;
using KlCore.Training.DensityFit;
using KlCore.Training.Distillation;
using KlCore.Training.HyperParameterSearch;
using KlCore.Training.LanguageModel;
using KlCore.Training.LogitsComparison;
using KlCore.Training.ObjectiveComparison;
using KlCore.Training.Policy;
using KlCore.Training.Regression;
using KlCore.Training.Topics;

namespace KlCore.Training;

/// <summary>
/// What a job is to do: one sealed record for each kind, listed here by one attribute line. It starts a <see cref="TrainingRun"/> and
/// knows nothing of queues, clocks or cancellation. The same specification and seed give the same result to the last bit.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DensityFitSpecification), "density-fit")]
[JsonDerivedType(typeof(LogitsComparisonSpecification), "comparison-of-logits")]
[JsonDerivedType(typeof(ObjectiveComparisonSpecification), "comparison")]
[JsonDerivedType(typeof(LanguageModelSpecification), "language-model")]
[JsonDerivedType(typeof(AutoencoderSpecification), "autoencoder")]
[JsonDerivedType(typeof(TopicsSpecification), "topics")]
[JsonDerivedType(typeof(SearchSpecification), "search")]
[JsonDerivedType(typeof(ClassifierSpecification), "classifier")]
[JsonDerivedType(typeof(PolicySpecification), "policy")]
[JsonDerivedType(typeof(RegressionSpecification), "regression")]
[JsonDerivedType(typeof(DistillationSpecification), "distillation")]
public abstract record TrainingSpecification : IChecked
{
    /// <summary>Addresses every random number that the run draws.</summary>
    [Range(0L, 9007199254740991L)]
    public long Seed { get; init; } = 1;

    /// <summary>Who goes first among those that wait: 9 before 0, equal ones as they were submitted. Without influence on the result.</summary>
    [Range(0, 9)]
    public int Priority { get; init; }

    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>The datasets that the run reads, so that a missing one is refused when the job is submitted.</summary>
    public virtual IEnumerable<DatasetColumns> Datasets() => [];

    /// <summary>Says at submission what would keep the run from reading what the specification names.</summary>
    /// <exception cref="NotComputableException">What it names is there and cannot be used together.</exception>
    public virtual void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        foreach (var columns in Datasets()) inputs.Check(columns, problems);
    }

    /// <summary>
    /// Where the specification says what is made small: the JSON pointer of the member that a comparison of objectives sets. Null for a kind that
    /// leaves no choice.
    /// </summary>
    internal virtual string? ObjectiveMember => null;

    /// <summary>Where it says how long the run is (steps, epochs, passes) and what it says; null where nothing does.</summary>
    internal virtual Budget? Length => null;

    /// <summary>How many seconds a run takes on one core of moderate speed, roughly; null where the specification alone does not tell.</summary>
    internal virtual double? Seconds() => null;

    /// <summary>Whether the run consists of runs of another specification.</summary>
    internal virtual bool IsExperiment => false;

    /// <summary>Prepares the run: reads its data, initialises its parameters. Step 0 has not been taken yet.</summary>
    public abstract TrainingRun Start(ITrainingInputs inputs);

    /// <summary>The names of the charts that a job of this kind has.</summary>
    public abstract IReadOnlyList<string> ChartNames();

    /// <summary>Describes the chart of the given name, or null while there is nothing to show (for example no result yet).</summary>
    /// <param name="name">One of <see cref="ChartNames"/>.</param>
    /// <param name="history">The metrics so far, by name: steps and values in order.</param>
    /// <param name="result">The result as it was stored (JSON), or null before the end.</param>
    public abstract Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result);
}

/// <summary>How long a run is.</summary>
/// <param name="Member">The JSON pointer of the member that says so, a whole number.</param>
/// <param name="Amount">What it says.</param>
internal sealed record Budget(string Member, long Amount);

/// <summary>Columns of a stored dataset that stand where inline numbers could.</summary>
/// <param name="Dataset">The dataset's id.</param>
/// <param name="Columns">The columns by name; null means all that are numeric.</param>
public sealed record DatasetColumns(string Dataset, IReadOnlyList<string>? Columns)
{
    /// <summary>Adds what is wrong with a choice of columns as callers make it: one <c>column</c>, several <c>columns</c>, or neither for all of numbers.</summary>
    internal static void CheckChoice(string dataset, string? column, string[]? columns, Problems problems)
    {
        if (dataset.Length == 0) problems.Add("dataset", "must be the id of a dataset, was empty");
        if (column is not null && columns is not null) problems.Add("column", "must not be given beside columns");
        if (columns is { Length: 0 }) problems.Add("columns", "must name at least 1 column, named none");
        if (columns is not null && columns.Distinct().Count() < columns.Length) problems.Add("columns", "must name each column once");
    }

    /// <summary>The member of the specification that names them (an object with <c>dataset</c> and <c>columns</c>), for example "target".</summary>
    public string Member { get; init; } = "";

    /// <summary>Whether the client named its one column in a field <c>column</c>, so that failures belong there and not under <c>columns</c>.</summary>
    public bool IsSingle { get; init; }

    /// <summary>The field in which the client named the columns, where it is neither <c>column</c> nor <c>columns</c>.</summary>
    public string? Field { get; init; }

    /// <summary>What is left out of all that are numeric, where none are named: columns that serve another purpose.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>How many rows the run can use.</summary>
    public long MaximumRows { get; init; } = long.MaxValue;

    /// <summary>How many numbers, rows times columns, the run can use.</summary>
    public long MaximumNumbers { get; init; } = long.MaxValue;
}

/// <summary>A column of text of a stored dataset.</summary>
/// <param name="Dataset">The dataset's id.</param>
/// <param name="Column">The column by name; null means the only one of text, or among several the one called "text".</param>
public sealed record DatasetText(string Dataset, string? Column)
{
    /// <summary>The member of the specification that names it (an object with <c>dataset</c> and <c>column</c>), for example "data".</summary>
    public string Member { get; init; } = "";

    /// <summary>The field in which the client named the column.</summary>
    public string Field { get; init; } = "column";

    /// <summary>How many characters the run can use in all.</summary>
    public long MaximumCharacters { get; init; } = long.MaxValue;

    /// <summary>Why not more, in words that follow "must have at most N characters"; empty where there is nothing to say.</summary>
    public string MaximumReason { get; init; } = "";
}

/// <summary>What is known of a dataset without reading its cells.</summary>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Columns">Its columns in their order.</param>
public sealed record DatasetFacts(long Rows, IReadOnlyList<Formats.TableColumn> Columns);

/// <summary>An earlier job, as a later one or a request uses it.</summary>
/// <param name="Specification">What it did.</param>
/// <param name="Result">Its result as it was stored (JSON).</param>
/// <param name="Artifact">Reads one of its files by name; null if it has none of this name.</param>
public sealed record FinishedTraining(TrainingSpecification Specification, ReadOnlyMemory<byte> Result, Func<string, ReadOnlyMemory<byte>?> Artifact);

/// <summary>Where a run gets the data that its specification only names.</summary>
public interface ITrainingInputs
{
    /// <summary>The points of a dataset, one row each, the named columns in their order.</summary>
    /// <exception cref="InvalidInputException">The dataset is gone, or what <see cref="Check"/> would say.</exception>
    double[][] Rows(DatasetColumns columns);

    /// <summary>
    /// Says at submission what would keep <see cref="Rows"/> from reading: no such dataset, no such column, text, missing values, too much; under the
    /// pointers <c>dataset</c> and <c>columns/i</c> (or <c>column</c>) of <see cref="DatasetColumns.Member"/>. Inputs that cannot tell say nothing.
    /// </summary>
    void Check(DatasetColumns columns, Problems problems)
    {
    }

    /// <summary>What is known of a dataset; null if there is none with this id.</summary>
    DatasetFacts? FindDataset(string id) => null;

    /// <summary>
    /// Shows every cell of a dataset, as a number (NaN where it holds none) and as text (of arrays of NumPy as numbers only), in the order of the data; false if there is
    /// none with this id.
    /// </summary>
    bool ReadCells(string id, Formats.NumberVisitor numbers, Formats.TextVisitor texts) => false;

    /// <summary>
    /// The cells of one column of text as they stand, one for each row: what <see cref="Rows"/> is for numbers. Of plain text the column is "text"
    /// and the rows are its lines. A column of numbers gives its numbers as they were written.
    /// </summary>
    /// <exception cref="InvalidInputException">The dataset is gone, or what <see cref="CheckTexts"/> would say.</exception>
    IReadOnlyList<string> Texts(DatasetText column) => throw new InvalidInputException("dataset", "There are no datasets.");

    /// <summary>Whether the rows are the lines of one running text, to be joined by line feeds, and not each a text of its own.</summary>
    /// <exception cref="InvalidInputException">The dataset is gone.</exception>
    bool AreLines(DatasetText column) => false;

    /// <summary>Says at submission what would keep <see cref="Texts"/> from reading; under the pointers <c>dataset</c> and <c>column</c> of the member.</summary>
    void CheckTexts(DatasetText column, Problems problems)
    {
    }

    /// <summary>An earlier job that succeeded; null if there is none with this id, or it has not.</summary>
    FinishedTraining? FindTraining(string job) => null;

    /// <summary>Reads and checks a specification as strictly as one that is posted.</summary>
    /// <exception cref="InvalidInputException">With every failure by its JSON pointer.</exception>
    TrainingSpecification Read(ReadOnlyMemory<byte> json) => throw new InvalidInputException("", "Specifications cannot be read here.");

    /// <summary>What is known of stored logits without reading them; null if there are none of this name.</summary>
    LogitsFacts? FindLogits(string name) => null;

    /// <summary>Stored logits, to be read from the first row on; null if there are none of this name.</summary>
    IStoredLogits? OpenLogits(string name) => null;
}

/// <summary>One metric over the run.</summary>
/// <param name="Steps">The steps at which it was noted, ascending.</param>
/// <param name="Values">Its value at each of them.</param>
public sealed record MetricHistory(IReadOnlyList<long> Steps, IReadOnlyList<double> Values);
