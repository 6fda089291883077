namespace KlCore.Divergences;

/// <summary>
/// What a measure is of two densities, or of two sequences of probabilities: how it is found from an integral over all points. The
/// formulas themselves are those of the categories, because a density times a small width is the probability of a category.
/// </summary>
internal abstract record DensityForm
{
    /// <summary>0 for any two.</summary>
    public static DensityForm Zero { get; } = new TermForm(static _ => 0);
}

/// <summary>A function of the integral of a term.</summary>
/// <param name="Term">What p and q at a point add: never negative, and proportional to p and q taken together.</param>
/// <param name="WherePExceeds">How the term grows in proportion to p where p/q grows without bound.</param>
/// <param name="WhereQExceeds">How it grows in proportion to q where q/p does.</param>
internal sealed record TermForm(Func<Cell, double> Term, Growth WherePExceeds = default, Growth WhereQExceeds = default) : DensityForm
{
    /// <summary>What the integral cannot exceed.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>The measure as a nondecreasing function of the integral.</summary>
    public Func<double, double> Finish { get; init; } = static integral => integral;
}

/// <summary>(S - 1) / divisor or ln S / divisor, where S is the integral of p^a q^b and a + b = 1.</summary>
internal sealed record PowerForm(double A, double B, double Divisor, bool IsLogarithm) : DensityForm;

/// <summary>The mass of q where p is 0, or minus the logarithm of the mass where it is not.</summary>
internal sealed record SupportForm(bool IsLogarithm) : DensityForm;

/// <summary>ln sup p/q.</summary>
internal sealed record SupremumForm : DensityForm;

/// <summary>Minus the integral of one density times the logarithm of the other.</summary>
internal sealed record CrossEntropyForm(Direction Direction) : DensityForm;

/// <summary>The least mean of |x - y|^order over couplings, to the power of 1/order.</summary>
internal sealed record TransportForm(int Order) : DensityForm;

/// <summary>sqrt(2 integral (F - G)^2).</summary>
internal sealed record EnergyForm : DensityForm;

/// <summary>sup |F - G|.</summary>
internal sealed record LargestGapForm : DensityForm;

/// <summary>How a term grows with a ratio: 0 not at all, 1 like its logarithm, above 1 like its power order - 1.</summary>
internal readonly record struct Growth(double Order)
{
    /// <summary>Like the logarithm.</summary>
    public static Growth Logarithm { get; } = new(1);

    /// <summary>That of p^a q^(1-a): without bound for a above 1.</summary>
    public static Growth Power(double a) => new(a > 1 ? a : 0);
}
