using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The law of x = s G^(1/e), where G has the gamma density of some shape a and rate 1: x^(a e - 1) exp(-(x/s)^e) |e| s^(-a e) / Gamma(a), the generalised
/// gamma distribution of Stacy, with negative e for reciprocals. A dozen families are special cases; what holds of all of them is written here once.
/// </summary>
/// <param name="Shape">a &gt; 0.</param>
/// <param name="Exponent">e, not 0.</param>
/// <param name="Up">A factor of the scale s = Up/Down sqrt(RootUp/RootDown), as the parameters give it: their product might be rounded.</param>
/// <param name="Down">One more.</param>
/// <param name="RootUp">One more, 1 unless e is 2.</param>
/// <param name="RootDown">One more, 1 unless e is 2.</param>
internal readonly record struct GammaPower(double Shape, double Exponent, double Up, double Down = 1, double RootUp = 1, double RootDown = 1)
{
    /// <summary>s.</summary>
    public double Scale => Up / Down * (Math.Sqrt(RootUp) / Math.Sqrt(RootDown));

    /// <summary>1/e.</summary>
    public double Power => 1 / Exponent;

    /// <summary>ln s.</summary>
    public double LogScale => Math.Log(Up) - Math.Log(Down) + 0.5 * (Math.Log(RootUp) - Math.Log(RootDown));

    /// <summary>E[ln x] = ln s + psi(a)/e.</summary>
    public double LogMean => LogScale + Power * GammaFunctions.Digamma(Shape);

    /// <summary>ln p(x).</summary>
    public double LogDensity(double x)
    {
        if (x < 0 || double.IsPositiveInfinity(x)) return double.NegativeInfinity;
        if (x == 0) return AtZero();
        var (g, log) = At(x);
        if (double.IsPositiveInfinity(g)) return double.NegativeInfinity;
        // The power of x is taken as a whole: of a density that is flat at 0 none is left, however small x is.
        if (Shape < 2) return Math.Log(Math.Abs(Exponent)) + (Shape * Exponent - 1) * (Power * log) - LogScale - GammaFunctions.LogGamma(Shape) - g;
        return Math.Log(Math.Abs(Exponent)) + Math.Log(Shape) + IncompleteGamma.LogKernel(Shape, g, log) - Math.Log(x);
    }

    /// <summary>P(X &lt;= x).</summary>
    public double Cumulative(double x)
    {
        if (x <= 0) return 0;
        if (double.IsPositiveInfinity(x)) return 1;
        var (g, log) = At(x);
        return Exponent > 0 ? Below(g, log) : Above(g, log);
    }

    /// <summary>P(X &gt; x).</summary>
    public double Survival(double x)
    {
        if (x <= 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        var (g, log) = At(x);
        return Exponent > 0 ? Above(g, log) : Below(g, log);
    }

    /// <summary>The x with P(X &lt;= x) of this much.</summary>
    public double Quantile(double probability) => From(Exponent > 0 ? GammaQuantile.Lower(Shape, probability) : GammaQuantile.Upper(Shape, probability));

    /// <summary>The x with P(X &gt; x) of this much.</summary>
    public double UpperQuantile(double probability) => From(Exponent > 0 ? GammaQuantile.Upper(Shape, probability) : GammaQuantile.Lower(Shape, probability));

    /// <summary>One draw.</summary>
    public double Draw(RandomStream random)
    {
        if (Shape == 1) return From((double.NaN, -Math.Log(random.NextUniform())));
        if (Shape > 1) return From((double.NaN, GammaDraw.Of(Shape, random)));
        var log = GammaDraw.LogOf(Shape, random);
        return From((log, Math.Exp(log)));
    }

    /// <summary>E[x^k] = s^k Gamma(a + k/e)/Gamma(a); infinite for a + k/e of 0 or less.</summary>
    public double Moment(double k) => Math.Exp(LogMoment(k));

    /// <summary>ln E[x^k].</summary>
    public double LogMoment(double k)
    {
        var steps = k / Exponent;
        if (!(Shape + steps > 0)) return double.PositiveInfinity;
        return k * LogScale + LogRise(Shape, steps);
    }

    /// <summary>E[x], in closed form where e is 1 or -1.</summary>
    public double Expectation() => Exponent switch
    {
        1 => Shape * Up / Down,
        -1 => Shape > 1 ? Up / Down / (Shape - 1) : double.PositiveInfinity,
        _ => Moment(1),
    };

    /// <summary>E[x]^2 (e^d - 1), d = ln Gamma(a + 2/e) + ln Gamma(a) - 2 ln Gamma(a + 1/e), a sum of two Bregman divergences.</summary>
    public double? Variance()
    {
        var mean = Expectation();
        if (double.IsPositiveInfinity(mean)) return null;
        if (Exponent == 1) return Shape * Scale * Scale;
        if (!(Shape + 2 * Power > 0)) return double.PositiveInfinity;
        var middle = Shape + Power;
        return mean * mean * Elementary.Expm1(LogGammaBregman.Of(middle + Power, middle, Power) + LogGammaBregman.Of(Shape, middle, -Power));
    }

    /// <summary>ln s - ln|e| + psi(a)/e + ln Gamma(a) + a - a psi(a).</summary>
    public double Entropy() => LogMean - Math.Log(Math.Abs(Exponent)) + GammaFunctions.GammaEntropy(Shape);

    /// <summary>How -ln p grows towards 0.</summary>
    public Tail LowerTail() => Exponent > 0 ? Tail.Power(Shape * Exponent - 1) : Tail.Stretched(-Exponent, Math.Exp(-Exponent * LogScale));

    /// <summary>How -ln p grows towards infinity.</summary>
    public Tail UpperTail() => Exponent > 0 ? Tail.Stretched(Exponent, Math.Exp(-Exponent * LogScale)) : Tail.Power(1 - Shape * Exponent);

    /// <summary>G at x, and its logarithm, which is there also when G is below the least double.</summary>
    public (double Value, double Log) At(double x)
    {
        var ratio = x * Down / Up;
        var power = Exponent switch { 1 => ratio, 2 => ratio * ratio * RootDown / RootUp, -1 => 1 / ratio, _ => Math.Pow(ratio, Exponent) };
        if (ratio is > 1e-290 and < 1e290 && power is > 1e-290 and < 1e290) return (power, Math.Log(power));
        var log = Exponent * (Math.Log(x) - LogScale);
        return (Math.Exp(log), log);
    }

    /// <summary>ln Gamma(a + d) - ln Gamma(a) for a + d &gt; 0, near 0 as exact as d.</summary>
    public static double LogRise(double a, double d) => d == 1 ? Math.Log(a) : LogGammaBregman.Of(a + d, a, d) + d * GammaFunctions.Digamma(a);

    private double Below(double g, double log) => Shape == 1 && g > 1e-290 ? -Elementary.Expm1(-g) : IncompleteGamma.Lower(Shape, g, log);

    private double Above(double g, double log) => Shape == 1 ? Math.Exp(-g) : IncompleteGamma.Upper(Shape, g, log);

    // The density goes like x^(a e - 1) for positive e; for negative e it is flat 0.
    private double AtZero()
    {
        var degree = Shape * Exponent - 1;
        if (Exponent < 0 || degree > 0) return double.NegativeInfinity;
        return degree < 0 ? double.PositiveInfinity : Math.Log(Exponent) - GammaFunctions.LogGamma(Shape) - LogScale;
    }

    private double From((double Log, double Value) g)
    {
        if (g.Value is > 1e-290 and < 1e290)
        {
            var power = Exponent switch { 1 => g.Value, 2 => Math.Sqrt(g.Value * RootUp / RootDown), -1 => 1 / g.Value, _ => Math.Pow(g.Value, Power) };
            if (power is > 1e-290 and < 1e290) return power * Up / Down is > 0 and < double.PositiveInfinity ? power * Up / Down : power * (Up / Down);
        }

        var log = double.IsNaN(g.Log) ? Math.Log(g.Value) : g.Log;
        return Math.Exp(LogScale + Power * log);
    }
}
