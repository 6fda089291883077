namespace KlCore.Numerics;

/// <summary>
/// Quantiles of the gamma distribution of rate 1, with their logarithms, which for small shapes are far below that of the least double. Newton's method in
/// ln x on ln P or ln Q, whichever is the smaller: both are concave in ln x, so that from any start the second step onwards comes from one side.
/// </summary>
internal static class GammaQuantile
{
    private const int MaximumSteps = 100;

    /// <summary>ln x with P(<paramref name="shape"/>, x) = <paramref name="probability"/>, and x itself, 0 where it is below the least double.</summary>
    public static (double Log, double Value) Lower(double shape, double probability) => probability switch
    {
        <= 0 => (double.NegativeInfinity, 0),
        <= 0.5 => shape == 1 ? Of(-Elementary.Log1p(-probability)) : Solve(shape, probability, upper: false),
        _ => Upper(shape, 1 - probability),
    };

    /// <summary>ln x with Q(<paramref name="shape"/>, x) = <paramref name="probability"/>, and x itself, 0 where it is below the least double.</summary>
    public static (double Log, double Value) Upper(double shape, double probability) => probability switch
    {
        <= 0 => (double.PositiveInfinity, double.PositiveInfinity),
        <= 0.5 => shape == 1 ? Of(-Math.Log(probability)) : Solve(shape, probability, upper: true),
        _ => Lower(shape, 1 - probability),
    };

    private static (double Log, double Value) Of(double x) => (Math.Log(x), x);

    private static (double Log, double Value) Solve(double shape, double probability, bool upper)
    {
        var target = Math.Log(probability);
        var log = Start(shape, probability, target, upper);
        var x = Math.Exp(log);
        if (!double.IsFinite(log)) return (log, x);
        for (var step = 0; step < MaximumSteps; step++)
        {
            var found = upper ? IncompleteGamma.LogUpper(shape, x, log) : IncompleteGamma.LogLower(shape, x, log);
            var slope = Math.Exp(IncompleteGamma.LogKernel(shape, x, log) + Math.Log(shape) - found);
            var change = (target - found) / (upper ? -slope : slope);
            // Far on the flat side the first step may go too far to be believed.
            if (double.IsNaN(change)) break;
            if (shape > 1e-3) change = Math.Clamp(change, -50, 50);
            log += change;
            x = x is 0 or double.PositiveInfinity || Math.Abs(change) > 1 ? Math.Exp(log) : x * Math.Exp(change);
            if (Math.Abs(change) <= 2e-16 * Math.Max(1, Math.Abs(log))) break;
        }

        return (log, x);
    }

    // The cube of a normal variate (Wilson and Hilferty) for moderate shapes, else P = x^a / Gamma(a + 1), which is never below P, or Q = e^-x.
    private static double Start(double shape, double probability, double target, bool upper)
    {
        if (shape >= 1)
        {
            var z = StandardNormal.Quantile(probability);
            var root = 1 - 1 / (9 * shape) + (upper ? -z : z) / (3 * Math.Sqrt(shape));
            if (root > 0.1) return Math.Log(shape) + 3 * Math.Log(root);
        }

        var low = ((upper ? Elementary.Log1p(-probability) : target) + GammaFunctions.LogGammaOnePlus(shape)) / shape;
        return upper && low > -3 ? Math.Log(-target) : low;
    }
}
