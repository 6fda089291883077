namespace KlCore.Divergences;

/// <summary>What the squared differences are divided by.</summary>
public enum ChiSquaredKind
{
    /// <summary>By q: the reference deviates from the model's expectation.</summary>
    Pearson,

    /// <summary>By p.</summary>
    Neyman,
}

/// <summary>
/// Pearson's sum (p - q)^2 / q, or Neyman's sum (p - q)^2 / p. From 0 to +Infinity, without unit; infinite where the divisor is 0 and
/// the other is not. Source: K. Pearson, Philosophical Magazine 50 (1900); J. Neyman, First Berkeley Symposium (1949).
/// </summary>
public sealed record ChiSquared : Divergence
{
    /// <summary>What the squared differences are divided by.</summary>
    public ChiSquaredKind Kind { get; init; } = ChiSquaredKind.Pearson;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "chi^2(p, q)", "pearson: sum (p - q)^2 / q; neyman: sum (p - q)^2 / p", "[0, Infinity]",
        "Squared differences, each in units of the expected one; infinite where that is 0 and the other is not.",
        "Pearson, Philosophical Magazine 50 (1900); Neyman, First Berkeley Symposium (1949)");

    internal override DensityForm? OfDensities() => Kind == ChiSquaredKind.Pearson
        ? new TermForm(static cell => Over(cell), WherePExceeds: Growth.Power(2))
        : new TermForm(static cell => Over(cell.Reversed), WhereQExceeds: Growth.Power(2));

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) =>
        Exact(Kind == ChiSquaredKind.Pearson ? Sums.Of(pair, new PearsonTerm()) : Sums.Of(pair, new NeymanTerm()));

    /// <summary>(p - q)^2 / q; by logarithms where they have no digits to divide.</summary>
    private static double Over(in Cell cell)
    {
        if (cell.IsOutsideQ) return double.PositiveInfinity;
        if (!cell.IsExtreme || cell.IsNear) return cell.Difference == 0 ? 0 : cell.Difference / cell.Q * cell.Difference;
        var less = 1 - Math.Exp(-Math.Abs(cell.LogRatio));
        return less * less * Math.Exp(cell.LogRatio > 0 ? cell.LogP + cell.LogRatio : cell.Reversed.LogP);
    }

    private readonly struct PearsonTerm : ITerm
    {
        public double Of(in Cell cell) => Over(cell);
    }

    private readonly struct NeymanTerm : ITerm
    {
        public double Of(in Cell cell) => Over(cell.Reversed);
    }
}
