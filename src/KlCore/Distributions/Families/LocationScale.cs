using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>A family on the line that one density makes up by shifting and stretching: p(x) = f((x - location)/scale)/scale.</summary>
public abstract record LocationScale : Continuous
{
    /// <summary>Where the density is centred: any finite number.</summary>
    public abstract double Location { get; init; }

    /// <summary>How far it spreads: positive.</summary>
    public abstract double Scale { get; init; }

    /// <inheritdoc/>
    public sealed override double LogDensity(double x)
    {
        var z = Standardise(x);
        return (Math.Abs(z) >= double.MaxValue && double.IsFinite(x) ? LogDensityFarOut(x) : StandardLogDensity(z)) - Math.Log(Scale);
    }

    /// <inheritdoc/>
    public sealed override double Cumulative(double x) => StandardCumulative(Standardise(x));

    /// <inheritdoc/>
    public sealed override double Survival(double x) => StandardSurvival(Standardise(x));

    /// <inheritdoc/>
    public sealed override double Quantile(double probability) => StandardQuantile(probability) is { } z ? Place(z) : base.Quantile(probability);

    /// <inheritdoc/>
    public sealed override double UpperQuantile(double probability) => StandardUpperQuantile(probability) is { } z ? Place(z) : base.UpperQuantile(probability);

    /// <inheritdoc/>
    public sealed override Interval Support() => Interval.Line;

    /// <inheritdoc/>
    public sealed override double? Expectation() => StandardExpectation() is { } mean ? Location + Scale * mean : null;

    /// <inheritdoc/>
    public sealed override double? Variance() => StandardVariance() is { } variance ? Scale * variance * Scale : null;

    /// <inheritdoc/>
    public sealed override double? EntropyByFormula() => StandardEntropy() + Math.Log(Scale);

    /// <summary>One draw; what would be beyond all doubles is the last of them.</summary>
    public sealed override double Draw(RandomStream random) => Math.Clamp(Location + Scale * StandardDraw(random), double.MinValue, double.MaxValue);

    /// <summary>ln f(z).</summary>
    internal abstract double StandardLogDensity(double z);

    /// <summary>The integral of f below z.</summary>
    internal abstract double StandardCumulative(double z);

    /// <summary>The integral of f above z.</summary>
    internal abstract double StandardSurvival(double z);

    /// <summary>The z with so much below it, or null if there is no formula.</summary>
    internal virtual double? StandardQuantile(double probability) => null;

    /// <summary>The z with so much above it, or null if there is no formula. By itself that of a symmetric f.</summary>
    internal virtual double? StandardUpperQuantile(double probability) => -StandardQuantile(probability);

    /// <summary>The mean of f, or null if it has none. By itself that of a symmetric f.</summary>
    internal virtual double? StandardExpectation() => 0;

    /// <summary>The variance of f, infinite where the integral is; null where there is no mean.</summary>
    internal abstract double? StandardVariance();

    /// <summary>The entropy of f in nats.</summary>
    internal abstract double StandardEntropy();

    /// <summary>A draw from f.</summary>
    internal abstract double StandardDraw(RandomStream random);

    private double Standardise(double x)
    {
        var distance = x - Location;
        // A distance beyond all doubles may still be a moderate number of scales.
        var z = double.IsFinite(distance) || double.IsInfinity(x) ? distance / Scale : x / Scale - Location / Scale;
        // And a finite x is never so many that a heavy tail would have no density there.
        return double.IsInfinity(x) ? z : Math.Clamp(z, double.MinValue, double.MaxValue);
    }

    private double Place(double z)
    {
        var x = Location + Scale * z;
        if (double.IsFinite(x) || double.IsInfinity(z)) return x;
        // Both parts may be beyond all doubles, and their sum not.
        return Math.Clamp(64 * (Location / 64 + Scale / 64 * z), double.MinValue, double.MaxValue);
    }

    // Where z is beyond all doubles though x is not: a power goes on to fall as it does at the largest of them.
    private double LogDensityFarOut(double x)
    {
        var tail = x < Location ? LowerTail() : UpperTail();
        var atLargest = StandardLogDensity(x < Location ? double.MinValue : double.MaxValue);
        var beyond = Math.Log(Math.Abs(x / 2 - Location / 2)) + Math.Log(2) - Math.Log(Scale) - Math.Log(double.MaxValue);
        return tail.Kind == TailKind.Power ? atLargest - tail.Degree * beyond : atLargest;
    }
}
