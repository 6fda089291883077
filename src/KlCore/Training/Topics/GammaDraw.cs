using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>
/// Draws of Gamma(100, 1/100): mean 1, standard deviation 0.1, from which topics and documents begin. By G. Marsaglia, W. Tsang, "A simple method
/// for generating gamma variables", ACM Transactions on Mathematical Software 26 (2000).
/// </summary>
internal static class GammaDraw
{
    private const double Shape = 100;
    private const double D = Shape - 1.0 / 3;
    private static readonly double C = 1 / Math.Sqrt(9 * D);

    /// <summary>The next draw.</summary>
    public static float Next(RandomStream random)
    {
        while (true)
        {
            var x = random.NextNormal();
            var v = 1 + C * x;
            if (v <= 0) continue;
            v *= v * v;
            var u = random.NextUniform();
            if (u < 1 - 0.0331 * x * x * x * x || Math.Log(u) < 0.5 * x * x + D * (1 - v + Math.Log(v))) return (float)(D * v / Shape);
        }
    }
}
