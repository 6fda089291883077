using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>A family whose members are powers of a gamma variate, times a scale: see <see cref="GammaPower"/>.</summary>
public abstract record PowerOfGamma : Continuous, IPositiveMoments
{
    /// <inheritdoc/>
    public sealed override double LogDensity(double x) => Law().LogDensity(x);

    /// <inheritdoc/>
    public sealed override double Cumulative(double x) => Law().Cumulative(x);

    /// <inheritdoc/>
    public sealed override double Survival(double x) => Law().Survival(x);

    /// <inheritdoc/>
    public sealed override double Quantile(double probability) => Law().Quantile(probability);

    /// <inheritdoc/>
    public sealed override double UpperQuantile(double probability) => Law().UpperQuantile(probability);

    /// <inheritdoc/>
    public sealed override Interval Support() => Interval.Positive;

    /// <inheritdoc/>
    public sealed override double? Expectation() => Law().Expectation();

    /// <inheritdoc/>
    public sealed override double? Variance() => Law().Variance();

    /// <inheritdoc/>
    public sealed override double? EntropyByFormula() => Law().Entropy();

    /// <inheritdoc/>
    public sealed override double Draw(RandomStream random) => Law().Draw(random);

    double? IPositiveMoments.LogMean() => Law().LogMean;

    double? IPositiveMoments.LogVariance() => GammaFunctions.Trigamma(Law().Shape) / Law().Exponent / Law().Exponent;

    double? IPositiveMoments.LogPowerMean(double k) => Law().LogMoment(k);

    internal sealed override Tail LowerTail() => Law().LowerTail();

    internal sealed override Tail UpperTail() => Law().UpperTail();

    /// <summary>Shape, exponent and scale that these parameters come to.</summary>
    internal abstract GammaPower Law();
}
