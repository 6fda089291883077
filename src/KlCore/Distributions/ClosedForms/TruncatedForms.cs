using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Truncated normal laws: an exponential family on each interval, whose means are integrals over smooth functions that take no adaptation.</summary>
internal static class TruncatedForms
{
    /// <summary>
    /// ln E e^d - E d with d = ln q(x) - ln p(x) up to a constant, a parabola: near each other as ln(1 + E(e^c - 1 - c)) with c = d - E d, where nothing
    /// cancels. What q has outside p's interval is further divergence.
    /// </summary>
    public static double? Between(TruncatedNormal p, TruncatedNormal q)
    {
        if (p.Lower < q.Lower || p.Upper > q.Upper) return double.PositiveInfinity;
        var (own, model) = (p.Halves(), TruncatedHalves.Of(q.Mean, q.StandardDeviation, p.Lower, p.Upper));
        var ratio = p.StandardDeviation / q.StandardDeviation;
        var step = (p.StandardDeviation - q.StandardDeviation) / q.StandardDeviation;
        var away = (own.Peak - p.Mean) / p.StandardDeviation;
        var (slope, bend) = (-away * step * (2 + step) + ratio * ((q.Mean - p.Mean) / q.StandardDeviation), -0.5 * step * (2 + step));
        double D(double s) => s * (slope + bend * s);
        var mean = own.Mean(D);
        var variance = own.Mean(s => (D(s) - mean) * (D(s) - mean));
        if (!double.IsFinite(mean) || !double.IsFinite(variance)) return null;
        var inside = variance < 1e-3
            ? Elementary.Log1p(own.Mean(s => Elementary.ExpExcess(D(s) - mean)))
            : Math.Max(0, own.LogDensity(own.Peak) - model.LogDensity(own.Peak) - mean);
        var further = p.Lower == q.Lower && p.Upper == q.Upper ? 0 : Math.Max(0, model.LogDensity(own.Peak) - q.LogDensity(own.Peak));
        return double.IsFinite(inside + further) ? inside + further : null;
    }
}
