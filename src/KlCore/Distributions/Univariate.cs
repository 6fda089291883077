using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>A distribution of a single number. Its functions are accurate in the tails: what is small is found as such, not as the rest of 1.</summary>
public abstract record Univariate : Distribution
{
    /// <inheritdoc/>
    public sealed override int Dimension() => 1;

    /// <summary>ln p(x) in nats: of the density, or of the probability of x; minus infinity outside the support, +Infinity at a pole of a density.</summary>
    public abstract double LogDensity(double x);

    /// <summary>P(X &lt;= x), from 0 to 1, small values to their digits.</summary>
    public abstract double Cumulative(double x);

    /// <summary>P(X &gt; x), from 0 to 1, small values to their digits.</summary>
    public abstract double Survival(double x);

    /// <summary>The least x with P(X &lt;= x) &gt;= <paramref name="probability"/>, which is above 0 and at most 1.</summary>
    public virtual double Quantile(double probability) => Inversion.Lower(this, probability);

    /// <summary>The least x with P(X &gt; x) &lt;= <paramref name="probability"/>, which is at least 0 and below 1.</summary>
    public virtual double UpperQuantile(double probability) => Inversion.Upper(this, probability);

    /// <summary>The least and the largest value there can be; either may be infinite.</summary>
    public abstract Interval Support();

    /// <summary>E[x]; infinite where the integral is, null where it does not exist.</summary>
    public abstract double? Expectation();

    /// <summary>E[(x - mean)^2]; infinite where the integral is, null where there is no finite mean.</summary>
    public abstract double? Variance();

    /// <summary>One draw.</summary>
    public virtual double Draw(RandomStream random) => Quantile(random.NextUniform());

    /// <inheritdoc/>
    public sealed override double[] LogDensities(Points points)
    {
        if (points.Dimension != 1 && points.Count > 0) throw new InvalidInputException("points", $"must be of one dimension, were of {points.Dimension}");
        var logs = new double[points.Count];
        for (var i = 0; i < logs.Length; i++) logs[i] = LogDensity(points[i][0]);
        return logs;
    }

    /// <inheritdoc/>
    public override Points Sample(int count, RandomStream random)
    {
        var draws = new double[count];
        for (var i = 0; i < count; i++) draws[i] = Draw(random);
        return new Points(draws, dimension: 1, plain: true);
    }

    /// <inheritdoc/>
    public sealed override Moments? Moments() =>
        Expectation() is { } mean && Variance() is { } variance && double.IsFinite(mean) && double.IsFinite(variance) ? new([mean], [[variance]]) : null;

    /// <summary>How -ln p grows towards the lower end of the support.</summary>
    internal abstract Tail LowerTail();

    /// <summary>How -ln p grows towards the upper end of the support.</summary>
    internal abstract Tail UpperTail();

    /// <summary>Points inside the support where the density or a derivative of it jumps or has a pole, ascending.</summary>
    internal virtual IReadOnlyList<double> Kinks() => [];

    /// <summary>Places in the midst of much of the probability: one for each hump.</summary>
    internal virtual IReadOnlyList<double> Landmarks() => [Quantile(0.5)];

    /// <summary>Further places between which the density is smooth, besides quantiles.</summary>
    internal virtual IReadOnlyList<double> Marks() => [];
}

/// <summary>A distribution with a density.</summary>
public abstract record Continuous : Univariate;

/// <summary>All numbers from <paramref name="Lower"/> to <paramref name="Upper"/>, the ends included where they are finite.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>The whole line.</summary>
    public static Interval Line { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The numbers from 0 up.</summary>
    public static Interval Positive { get; } = new(0, double.PositiveInfinity);
}
