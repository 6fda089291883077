using MathNet.Numerics.Integration;

namespace KlCore.Numerics;

/// <summary>Divergences within an exponential family of one natural parameter t, whose density is h(x) exp(t T(x) - A(t)).</summary>
internal static class ExponentialFamily
{
    private const int Order = 16;

    /// <summary>
    /// KL from parameter t to t + step: A(t + step) - A(t) - step A'(t) as step^2 times the integral over u from 0 to 1 of (1 - u) A''(t + u step), which is
    /// the variance of T and does not cancel. For steps of at most half the distance to where A'' has a pole the rule leaves less than 1e-17.
    /// </summary>
    /// <param name="step">From one parameter to the other.</param>
    /// <param name="variance">A'' at t + offset.</param>
    public static double NearDivergence(double step, Func<double, double> variance) =>
        step * step * GaussLegendreRule.Integrate(u => (1 - u) * variance(u * step), 0, 1, Order);
}
