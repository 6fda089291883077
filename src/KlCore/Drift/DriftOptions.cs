using System.ComponentModel.DataAnnotations;

namespace KlCore.Drift;

/// <summary>How columns are compared and what counts as drift.</summary>
public record DriftOptions : IChecked
{
    private const int MostColumns = 10_000;

    /// <summary>Which columns, and how where the rules are not to decide; every column that both sides have, if not given.</summary>
    public IReadOnlyList<ColumnOptions>? Columns { get; init; }

    /// <summary>The chance of a false finding that is taken: above 0 and below 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Alpha { get; init; } = 0.05;

    /// <summary>What is done because many columns are tested at once.</summary>
    public DriftCorrection Correction { get; init; } = DriftCorrection.Holm;

    /// <summary>What is added to every count on both sides by the measures of categories and bins; 0 leaves them infinite where something is not seen on one side.</summary>
    [Range(0.0, 1e6)]
    public double Pseudocount { get; init; }

    /// <inheritdoc/>
    public virtual void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Columns is { Count: 0 or > MostColumns }) problems.Add("columns", $"must name 1 to {MostColumns} columns, named {Columns.Count}");
        var names = new HashSet<string>();
        for (var i = 0; i < Columns?.Count; i++)
        {
            var at = problems.At("columns").At(i);
            Columns[i].Check(at);
            if (!names.Add(Columns[i].Name)) at.Add("name", "must differ from the columns before it");
        }
    }
}

/// <summary>How one column is compared.</summary>
public sealed record ColumnOptions : IChecked
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is; by default numbers of more than five different values are numeric, other numbers and texts that repeat categorical.</summary>
    public ColumnKind? Type { get; init; }

    /// <summary>How it is compared; by default the rule for its type and size.</summary>
    public DriftMethod? Method { get; init; }

    /// <summary>From which score on it has drifted, if its p-value agrees; by default that of the method.</summary>
    [Range(0.0, double.MaxValue)]
    public double? Threshold { get; init; }

    /// <summary>Into how many bins of equal share of the reference numbers are put by methods of bins.</summary>
    [Range(2, 1000)]
    public int Bins { get; init; } = 10;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Type == ColumnKind.Categorical && Method is { } method && method.NeedsNumbers()) problems.Add("method", "needs an order, which categories do not have");
        if (Type == ColumnKind.Text && Method is not null) problems.Add("method", "must not be given for text, which is not compared");
    }
}

/// <summary>What is done about many tests at once.</summary>
public enum DriftCorrection
{
    /// <summary>Holm's: the chance of any false finding among all columns stays below alpha.</summary>
    Holm,

    /// <summary>Nothing: each column has a chance of alpha of its own.</summary>
    None,
}
