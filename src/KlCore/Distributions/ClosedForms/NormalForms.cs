using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of the normal distribution.</summary>
internal static class NormalForms
{
    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Normal, Normal>("(u - ln(1 + u) + z^2) / 2, u = (sd/sd')^2 - 1, z = (mean - mean')/sd'", KullbackLeibler),
    ];

    private static double? KullbackLeibler(Normal p, Normal q)
    {
        var z = (p.Mean - q.Mean) / q.StandardDeviation;
        return 0.5 * (Ratio.Of([p.StandardDeviation, p.StandardDeviation], [q.StandardDeviation, q.StandardDeviation]).Excess + z * z);
    }
}
