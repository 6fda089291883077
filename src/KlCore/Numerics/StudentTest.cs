using MathNet.Numerics.Distributions;

namespace KlCore.Numerics;

/// <summary>Student's test of a mean against zero.</summary>
internal static class StudentTest
{
    /// <summary>
    /// How often a mean this far from zero would be seen if the true one were zero: 2 P(T &lt; -|mean / error|) with T of Student's distribution. 1 for
    /// a mean of exactly zero; 0 for any other without error.
    /// </summary>
    /// <param name="mean">The mean, finite.</param>
    /// <param name="error">Its standard error, at least 0.</param>
    /// <param name="degrees">Degrees of freedom, at least 1: one less than there are values.</param>
    public static double TwoSided(double mean, double error, long degrees)
    {
        if (mean == 0) return 1;
        return error == 0 ? 0 : Math.Min(1, 2 * StudentT.CDF(0, 1, degrees, -Math.Abs(mean / error)));
    }
}
