namespace KlCore.Numerics;

/// <summary>
/// The integral of (t/x)^(a-1) ((1 - t)/y)^(b-1) dt/(x y) over t from 0 to x, whose integrand starts at 1/y: by Gauss's rule
/// of 20 points on panels that grow with the distance from x. For x up to the mean a/(a + b), and for every x where b is below 1.
/// </summary>
internal static class BetaTail
{
    // From here on the integrand is gone long before t = 0, and powers are taken without what cancels in them.
    private const double Large = 30;

    // e^-u of what is left at this u is nothing beside 1, even times 1e10.
    private const double Far = 70;

    private const double Nothing = 1e-19;

    /// <summary>ln of the integral for a, b &gt; 0 and 0 &lt; x, y &lt; 1 with x + y = 1.</summary>
    public static double Log(double a, double b, double x, double y) => Math.Log((a >= Large ? Steep(a, b, x, y) : Flat(a, b, x, y)) / y);

    // In u = ln(x/t): e^(-a u) (1 + x (1 - e^-u)/y)^(b-1).
    private static double Flat(double a, double b, double x, double y)
    {
        var (odds, nearest) = (x / y, x < 0.5 ? -Math.Log(x) : -Elementary.Log1p(-y));
        var widest = Math.Min(3, 2.5 / Math.Sqrt(Math.Max(b - 1, 0) * odds / y));
        var (sum, at, height) = (0.0, 0.0, 1.0);
        while (at < Far && height > Nothing * sum)
        {
            var fall = a - (b - 1) * odds * Math.Exp(-at) / (1 - odds * Elementary.Expm1(-at));
            var step = Math.Min(Math.Min(6 * (at + nearest), widest), 8 / Math.Max(fall, 0));
            sum += GaussLegendre.Integrate(at, at + step, Height);
            at += step;
            height = Height(at);
        }

        return sum + height / a;

        double Height(double u) => Math.Exp(-a * u + (b - 1) * Elementary.Log1p(-odds * Elementary.Expm1(-u)));
    }

    // In w = 1 - t/x: (1 - w)^(a-1) (1 + x w/y)^(b-1).
    private static double Steep(double a, double b, double x, double y)
    {
        var (odds, nearest) = (x / y, y / x);
        var slope = -BetaPower.Difference(a - 1, b - 1, x, y) / y;
        var widest = 2.5 / Math.Sqrt(a - 1 + Math.Max(b - 1, 0) * odds * odds);
        var (sum, at, height) = (0.0, 0.0, 1.0);
        while (at < 1 && height > Nothing * sum)
        {
            var fall = (a - 1) / (1 - at) - (b - 1) * odds / (1 + odds * at);
            var end = Math.Min(1, at + Math.Min(Math.Min(6 * (at + nearest), widest), 8 / Math.Max(fall, 0)));
            sum += GaussLegendre.Integrate(at, end, Height);
            at = end;
            height = Height(at);
        }

        return sum;

        double Height(double w) => Math.Exp(b < 1
            ? (a - 1) * Elementary.Log1p(-w) + (b - 1) * Elementary.Log1p(odds * w)
            : -slope * w - (a - 1) * Elementary.Bregman(1, -w) - (b - 1) * Elementary.Bregman(1, odds * w));
    }
}
