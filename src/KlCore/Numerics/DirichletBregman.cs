namespace KlCore.Numerics;

/// <summary>The KL divergence between Dirichlet distributions, from their concentrations a and b: at least 0 and to the digits of b - a.</summary>
/// <remarks>
/// It is sum_i B(b_i; a_i) - B(B; A) with A, B the sums and B(.; .) of <see cref="LogGammaBregman"/>, which for large concentrations cancels. So every
/// concentration is shifted to where Stirling's formula holds, and A by as much; what the shifts leave is a sum of g(r) = r - ln(1 + r) on either side. Of
/// the shifted ones the main parts are B KL(b/B || a/A), the next (sum_i g(r_i) - g(r))/2, which is (sum_i (1 - a_i/A) g(r_i) + KL(a/A || b/B))/2.
/// </remarks>
internal static class DirichletBregman
{
    /// <summary>KL from concentrations a to b, in nats.</summary>
    public static double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sumOfA, sumOfB, growth) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        var shifts = 0L;
        var total = new CompensatedSum();
        for (var i = 0; i < a.Length; i++)
        {
            growth.Add(b[i] - a[i]);
            sumOfA.Add(a[i]);
            sumOfB.Add(b[i]);
            var steps = Steps(a[i], b[i]);
            for (var j = 0; j < steps; j++) total.Add(LogGammaBregman.Excess(a[i] + j, b[i] + j, b[i] - a[i]));
            shifts += steps;
        }

        var (whole, other, step) = (sumOfA.Value, sumOfB.Value, growth.Value);
        for (var j = 0L; j < shifts; j++) total.Add(-LogGammaBregman.Excess(whole + j, other + j, step));
        total.Add(OfLarge(a, b, whole + shifts, other + shifts, step));
        return Math.Max(0, total.Value);
    }

    private static double OfLarge(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double whole, double other, double step)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < a.Length; i++)
        {
            var (difference, steps) = (b[i] - a[i], Steps(a[i], b[i]));
            var (x, y) = (a[i] + steps, b[i] + steps);
            // Where y would be if all grew alike, less y.
            var deviation = x * (step / whole) - difference;
            var back = -deviation * (whole / other);
            sum.Add(Elementary.Bregman(y, deviation, x * (other / whole)));
            sum.Add(0.5 * (1 - x / whole) * LogGammaBregman.Excess(x, y, difference));
            sum.Add(0.5 / whole * Elementary.Bregman(x, back, y * (whole / other)));
            if (difference != 0) sum.Add(LogGammaBregman.Rest(y, x, difference));
        }

        if (step != 0) sum.Add(-LogGammaBregman.Rest(other, whole, step));
        return sum.Value;
    }

    private static int Steps(double a, double b) => (int)Math.Max(0, Math.Ceiling(LogGammaBregman.Large - Math.Min(a, b)));
}
