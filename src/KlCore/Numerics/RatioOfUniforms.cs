using KlCore.Distributions;

namespace KlCore.Numerics;

/// <summary>
/// Draws from a distribution of integers whose masses rise to a mode and fall, in a number of looks at the masses that does not grow with its spread: about
/// 1.4 for each draw.
/// </summary>
/// <remarks>
/// The ratio of uniforms over a table mountain that covers Poisson, binomial and hypergeometric masses: E. Stadlober, "The ratio of uniforms approach for
/// generating discrete random variates", Journal of Computational and Applied Mathematics 31 (1990).
/// </remarks>
internal static class RatioOfUniforms
{
    // 2 sqrt(2/e) and 3 - 2 sqrt(3/e).
    private const double Slope = 1.7155277699214135;
    private const double Offset = 0.8989161620588988;

    /// <summary>One draw.</summary>
    /// <param name="logMass">ln P(X = k) for the integers from lower to upper, up to a constant.</param>
    /// <param name="mode">Where it is largest.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="variance">The variance.</param>
    /// <param name="support">The least and the largest value.</param>
    /// <param name="random">Where the randomness comes from.</param>
    public static double Draw(Func<double, double> logMass, double mode, double mean, double variance, Interval support, RandomStream random)
    {
        var peak = logMass(mode);
        var width = Slope * Math.Sqrt(variance + 0.5) + Offset;
        while (true)
        {
            var (u, v) = (random.NextUniform(), random.NextUniform());
            var k = Math.Floor(mean + 0.5 + width * (v - 0.5) / u);
            if (!(k >= support.Lower && k <= support.Upper)) continue;
            var height = logMass(k) - peak;
            // Two bounds on 2 ln u save most logarithms.
            if (u * (4 - u) - 3 <= height) return k;
            if (u * (u - height) < 1 && 2 * Math.Log(u) <= height) return k;
        }
    }
}
