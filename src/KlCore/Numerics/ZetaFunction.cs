namespace KlCore.Numerics;

/// <summary>
/// The sums over k of (ln k)^m k^-s, m = 0, 1, 2, that Riemann's and Hurwitz's zeta functions and their derivatives are: to a few units in the last
/// place for all s &gt; 1, however near to 1 or far from it. What is given is the excess s - 1, which near the pole at 1 is what matters.
/// </summary>
/// <remarks>
/// A few terms one by one, the rest by the formula of Euler and Maclaurin, as H. M. Edwards, "Riemann's Zeta Function" (1974), section 6.4, has it.
/// Derivatives in s are those of the formula.
/// </remarks>
internal static class ZetaFunction
{
    // With this many terms before it the formula below leaves less than 1e-17.
    private const int First = 16;
    private const double Negligible = 1e-18;

    /// <summary>B_2j / (2j)!.</summary>
    private static readonly double[] Coefficients =
    [
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000,
        43867.0 / 5109094217170944000,
    ];

    /// <summary>Sums over k >= 2: zeta(s) - 1, -zeta'(s), zeta''(s).</summary>
    public static Sums BeyondOne(double excess) => From(excess, 2);

    /// <summary>Sums over k >= start, an integer of at least 2.</summary>
    public static Sums From(double excess, double start)
    {
        var s = 1 + excess;
        var sum = default(Sums);
        var end = Math.Max(start, First + Math.Ceiling(s / 2));
        for (var k = start; k < end; k++)
        {
            var term = Sums.Term(k, s);
            sum += term;
            if (term.Second <= Negligible * sum.Second) return sum;
        }

        // The integral from there on, half of the first term, and what both lack.
        var integral = Times(Sums.Term(end, excess), new Sums(1 / excess, -1 / (excess * excess), 2 / (excess * excess * excess)));
        return sum + integral + Times(Sums.Term(end, s), new Sums(0.5, 0, 0) + Correction(s, end));
    }

    /// <summary>The sum of k^-s over 1 to an integer <paramref name="last"/>: small values as such, though zeta(s) may be 1e15.</summary>
    public static double To(double excess, double last)
    {
        var s = 1 + excess;
        var sum = 0.0;
        for (var k = Math.Min(last, First - 1); k >= 1; k--) sum += Math.Pow(k, -s);
        if (last < First) return sum;
        var (near, far) = (Math.Pow(First, -s), Math.Pow(last, -s));
        var integral = -Math.Pow(First, -excess) * Elementary.Expm1(-excess * Math.Log(last / First)) / excess;
        return sum + integral + (near + far) / 2 + near * Correction(s, First).Zeroth - far * Correction(s, last).Zeroth;
    }

    /// <summary>The sum of B_2j/(2j)! s (s+1) ... (s+2j-2) x^(1-2j), with its derivatives in s, times x^s of what it corrects.</summary>
    private static Sums Correction(double s, double x)
    {
        var product = new Sums(s, 1, 0) * (1 / x);
        var sum = default(Sums);
        for (var j = 0; j < Coefficients.Length; j++)
        {
            sum += product * Coefficients[j];
            var next = s + 2 * j + 1;
            product = Leibniz(Leibniz(product, new Sums(next, 1, 0) * (1 / x)), new Sums(next + 1, 1, 0) * (1 / x));
        }

        return sum;
    }

    // A term's Sums are (-1)^m times derivatives, those of the factor are derivatives: f' g + f g' with the sign of the first.
    private static Sums Times(Sums term, Sums factor)
    {
        var product = Leibniz(new Sums(term.Zeroth, -term.First, term.Second), factor);
        return new Sums(product.Zeroth, -product.First, product.Second);
    }

    private static Sums Leibniz(Sums f, Sums g) =>
        new(f.Zeroth * g.Zeroth, f.First * g.Zeroth + f.Zeroth * g.First, f.Second * g.Zeroth + 2 * f.First * g.First + f.Zeroth * g.Second);

    /// <summary>The sums of k^-s, of ln k k^-s and of (ln k)^2 k^-s.</summary>
    /// <param name="Zeroth">m = 0.</param>
    /// <param name="First">m = 1.</param>
    /// <param name="Second">m = 2.</param>
    public readonly record struct Sums(double Zeroth, double First, double Second)
    {
        public static Sums operator +(Sums a, Sums b) => new(a.Zeroth + b.Zeroth, a.First + b.First, a.Second + b.Second);

        public static Sums operator *(Sums a, double factor) => new(a.Zeroth * factor, a.First * factor, a.Second * factor);

        /// <summary>What one k contributes.</summary>
        public static Sums Term(double k, double s)
        {
            var (power, log) = (Math.Pow(k, -s), Math.Log(k));
            return new(power, power * log, power * log * log);
        }
    }
}
