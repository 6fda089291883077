using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>How divergences between distributions are to be found.</summary>
public record MeasureOptions : IChecked
{
    /// <summary>By which method.</summary>
    public Approach Method { get; init; } = Approach.Auto;

    /// <summary>How many draws Monte Carlo takes, 100 to 10,000,000.</summary>
    [Range(100, 10_000_000)]
    public int Samples { get; init; } = 100_000;

    /// <summary>From which the draws follow.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);
}
