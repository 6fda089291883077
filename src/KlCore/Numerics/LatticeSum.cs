namespace KlCore.Numerics;

/// <summary>
/// Sums of a function over consecutive integers, in a time that does not grow with their number where the function is smooth: beyond the first and the last
/// terms the sum is the integral from half a step before to half a step behind, less what the differences at both ends say.
/// </summary>
/// <remarks>
/// The formula of Gauss and Encke, 1/D - 1/delta = delta/24 - 17 delta^3/5760 + 367 delta^5/967680 - ..., D the derivative and delta the central difference
/// (E. T. Whittaker, G. Robinson, "The Calculus of Observations", 1924, section 74); the integral by Gauss's rule
/// on panels that follow the function.
/// </remarks>
internal static class LatticeSum
{
    // So many terms are added one by one, on both sides of what is integrated and in all.
    private const int Margin = 80;
    private const int Few = 3000;
    private const double Negligible = 1e-28;

    /// <summary>The sum of <paramref name="term"/> over the integers from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <param name="term">At least 0; also to be asked between integers.</param>
    /// <param name="from">The first.</param>
    /// <param name="to">The last.</param>
    /// <param name="peaks">Places around which the function changes quickly, each with the width of what is there.</param>
    public static double Of(Func<double, double> term, double from, double to, params ReadOnlySpan<(double At, double Width)> peaks)
    {
        var sum = new CompensatedSum();
        if (to - from < Few)
        {
            for (var k = from; k <= to; k++) sum.Add(term(k));
            return sum.Value;
        }

        for (var i = 0; i < Margin; i++) sum.Add(term(from + i));
        for (var i = 0; i < Margin; i++) sum.Add(term(to - i));
        var (first, last) = (from + Margin, to - Margin);
        var ends = Ends(first - 0.5, last + 0.5, peaks);
        var heights = Array.ConvertAll(ends, end => term(end));
        var nothing = Negligible * heights.Max();
        for (var i = 1; i < ends.Length; i++)
        {
            // Peaks are ends of panels: between two ends there is no more than at one of them.
            if (heights[i - 1] > nothing || heights[i] > nothing) sum.Add(GaussLegendre.Integrate(ends[i - 1], ends[i], term));
        }

        sum.Add(Lack(term, first - 0.5) - Lack(term, last + 0.5));
        return sum.Value;
    }

    // delta/24 - 17 delta^3/5760 + 367 delta^5/967680 at a point midway between two integers.
    private static double Lack(Func<double, double> term, double x)
    {
        Span<double> f = stackalloc double[6];
        for (var i = 0; i < f.Length; i++) f[i] = term(x - 2.5 + i);
        var (inner, middle, outer) = (f[3] - f[2], f[4] - f[1], f[5] - f[0]);
        return inner / 24 - 17 * (middle - 3 * inner) / 5760 + 367 * (outer - 5 * middle + 10 * inner) / 967680;
    }

    // Panels that double in length away from both ends; around a peak they are of its width.
    private static double[] Ends(double from, double to, ReadOnlySpan<(double At, double Width)> peaks)
    {
        var ends = new SortedSet<double> { from, to };
        for (var step = (double)Margin; step < to - from; step *= 2)
        {
            ends.Add(from + step);
            ends.Add(to - step);
        }

        foreach (var (at, width) in peaks)
        {
            if (at > from && at < to) ends.Add(at);
            for (var step = width; step < to - from; step += Math.Max(width, step / 4))
            {
                if (at + step > from && at + step < to) ends.Add(at + step);
                if (at - step > from && at - step < to) ends.Add(at - step);
            }
        }

        return [.. ends];
    }
}
