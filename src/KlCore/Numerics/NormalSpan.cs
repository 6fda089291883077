namespace KlCore.Numerics;

/// <summary>
/// The integral J(u, d) of exp(-u s - s^2/2) over s from 0 to d, for u, d &gt;= 0: how much of a normal law lies between u and u + d deviations
/// from its mean, as a multiple of its density at u. Nothing in it is too small however far out u is.
/// </summary>
internal static class NormalSpan
{
    // Beyond this share of a width or of a slope the integrand has lost 19 digits.
    private const double Gone = 44;

    /// <summary>J(u, d); for an infinite d the ratio of Mills.</summary>
    public static double Of(double u, double d)
    {
        var fall = d * (u + 0.5 * d);
        // Over a short way by Gauss's rule, since the ratios of Mills would cancel.
        if (fall < 3) return GaussLegendre.Integrate(0, d, s => Math.Exp(-s * (u + 0.5 * s)));
        var rest = fall > Gone ? 0 : Math.Exp(-fall) * StandardNormal.MillsRatio(u + d);
        return StandardNormal.MillsRatio(u) - rest;
    }

    /// <summary>The integral of f(s) exp(-u s - s^2/2) over s from 0 to d, for f that does not grow faster than a polynomial.</summary>
    public static double Integrate(double u, double d, Func<double, double> f)
    {
        var (sum, at) = (0.0, 0.0);
        while (at < d && at * (u + 0.5 * at) < Gone)
        {
            var end = Math.Min(d, at + Math.Min(2.5, 8 / (u + at)));
            if (end <= at) break;
            sum += GaussLegendre.Integrate(at, end, s => f(s) * Math.Exp(-s * (u + 0.5 * s)));
            at = end;
        }

        return sum;
    }
}
