namespace KlCore.Numerics;

/// <summary>
/// Gamma variates of rate 1 by the method of Marsaglia and Tsang. For a shape below 1 the variate of shape + 1 is multiplied by U^(1/shape), which for shapes
/// like 1e-8 is below every double: its logarithm still is a number.
/// Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM Trans. Math. Softw. 26 (2000).
/// </summary>
internal static class GammaDraw
{
    /// <summary>One variate of <paramref name="shape"/> &gt; 0; 0 where it lies below the least double.</summary>
    public static double Of(double shape, RandomStream random) => shape >= 1 ? Large(shape, random) : Math.Exp(LogOf(shape, random));

    /// <summary>The logarithm of one variate, finite for every <paramref name="shape"/> down to about 1e-307.</summary>
    public static double LogOf(double shape, RandomStream random)
    {
        if (shape >= 1) return Math.Log(Large(shape, random));
        var larger = Math.Log(Large(shape + 1, random));
        return larger + Math.Log(random.NextUniform()) / shape;
    }

    private static double Large(double shape, RandomStream random)
    {
        var d = shape - 1.0 / 3;
        var c = 1 / (3 * Math.Sqrt(d));
        while (true)
        {
            var z = random.NextNormal();
            var t = c * z;
            if (t <= -1) continue;
            // v = (1 + t)^3 = 1 + excess; accepted if ln u < z^2/2 + d - d v + d ln v, whose last three terms are -d (excess - ln v).
            var excess = t * (3 + t * (3 + t));
            var u = random.NextUniform();
            var square = z * z;
            if (u < 1 - 0.0331 * square * square || Math.Log(u) < 0.5 * square - d * Elementary.Bregman(1, excess)) return d * (1 + excess);
        }
    }
}
