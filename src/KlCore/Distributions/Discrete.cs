namespace KlCore.Distributions;

/// <summary>
/// A distribution of integers. <see cref="Univariate.Support"/> is that of the parameters: its ends, where finite, have a positive probability, so a
/// distribution of a single value has a support of one point.
/// </summary>
public abstract record Discrete : Univariate
{
    /// <inheritdoc/>
    public sealed override double LogDensity(double x)
    {
        var (lower, upper) = Support();
        if (x < lower || x > upper || double.IsInfinity(x) || Math.Floor(x) != x) return double.NegativeInfinity;
        return lower == upper ? 0 : LogMass(x);
    }

    /// <inheritdoc/>
    public sealed override double Cumulative(double x)
    {
        var (lower, upper) = Support();
        return x < lower ? 0 : x >= upper ? 1 : AtMost(Math.Floor(x));
    }

    /// <inheritdoc/>
    public sealed override double Survival(double x)
    {
        var (lower, upper) = Support();
        return x < lower ? 1 : x >= upper ? 0 : Above(Math.Floor(x));
    }

    /// <summary>ln P(X = k) for an integer k of the support, which has several.</summary>
    internal abstract double LogMass(double k);

    /// <summary>P(X &lt;= k) for an integer k of the support but the last.</summary>
    internal abstract double AtMost(double k);

    /// <summary>P(X &gt; k) for an integer k of the support but the last.</summary>
    internal abstract double Above(double k);

    // Only infinite ends count; those families say their own.
    internal override Tail LowerTail() => Tail.Power(0);

    internal override Tail UpperTail() => Tail.Power(0);
}
