namespace KlCore.Distributions.Integration;

/// <summary>
/// Measures integers between two ends. A stretch of few is added up one by one. Of a longer one every 8h-th, 4h-th, 2h-th and h-th integer is
/// looked at; the error of such a trapezoidal sum is a series in the square of the step, so the sum over all integers is the polynomial
/// through the four, taken at a step of 1. (Taken at 0 it would be Romberg's integral.) Stretches that are not smooth enough are halved.
/// </summary>
internal sealed class LatticeRuler : Ruler
{
    private const int Intervals = 64;
    private const double Largest = 1e300;
    private const double Dense = 4503599627370496;

    private readonly double _lower;
    private readonly double _upper;
    private readonly bool _isCutBelow;
    private readonly bool _isCutAbove;
    private readonly List<Stretch> _stretches = [];

    /// <summary>For the integers from <paramref name="lower"/> to <paramref name="upper"/>.</summary>
    /// <param name="lower">May be -Infinity.</param>
    /// <param name="upper">May be +Infinity.</param>
    /// <param name="marks">Where stretches begin and end at first, finite; beyond them they double.</param>
    /// <param name="isNothingBeyond">Whether there is certainly nothing any more from a place on, away from the marks.</param>
    public LatticeRuler(double lower, double upper, IReadOnlyList<double> marks, Func<double, int, bool> isNothingBeyond)
    {
        var inside = marks.Where(mark => mark >= lower && mark <= upper).Distinct().Order().ToList();
        if (inside.Count == 0) inside.Add(double.IsFinite(lower) ? lower : upper);
        var width = Math.Max(16, inside[^1] - inside[0]);
        (_lower, _isCutBelow) = Extend(inside, lower, -1, width, isNothingBeyond);
        (_upper, _isCutAbove) = Extend(inside, upper, 1, width, isNothingBeyond);
        inside.Sort();
        for (var i = 1; i < inside.Count; i++)
        {
            if (inside[i] > inside[i - 1]) _stretches.Add(new Stretch(0, inside[i - 1], inside[i]));
        }
    }

    public override IReadOnlyList<Stretch> Stretches => _stretches;

    public override Part Measure(Stretch stretch, Integrand integrand)
    {
        var (a, b) = (stretch.From, stretch.To);
        if (IsShort(a, b)) return Trapezoid(integrand, a, b);
        var step = StepOf(a, b);
        var end = a + Intervals * step;
        var part = Extrapolated(integrand, a, step);
        return end < b && IsShort(end, b) ? part + Trapezoid(integrand, end, b) : part;
    }

    public override IReadOnlyList<Stretch> Split(Stretch stretch)
    {
        if (IsShort(stretch.From, stretch.To)) return [];
        var middle = MiddleOf(stretch.From, stretch.To);
        if (stretch.To - stretch.From < 1e-10 * Math.Abs(stretch.To)) return [];
        return middle > stretch.From && middle < stretch.To ? [stretch with { To = middle }, stretch with { From = middle }] : [];
    }

    /// <summary>Half of the terms at both ends, which trapezoids leave out, and what is beyond where an infinite end is cut.</summary>
    public override Part Remainder(Integrand integrand)
    {
        var sum = Half(integrand(_lower, 0)) + Half(integrand(_upper, 0));
        if (_isCutBelow) sum += Beyond(integrand, _lower, _lower / 2);
        if (_isCutAbove) sum += Beyond(integrand, _upper, _upper / 2);
        return sum;
    }

    public override IEnumerable<(double At, double X, double LogWeight)> Points(Stretch stretch)
    {
        var (step, count) = IsShort(stretch.From, stretch.To) ? (1.0, stretch.To - stretch.From) : (StepOf(stretch.From, stretch.To), (double)Intervals);
        for (var i = 0; i <= count; i++) yield return (stretch.From + i * step, stretch.From + i * step, 0);
    }

    public override (double X, double LogWeight) Place(int piece, double at) => (Math.Round(at), 0);

    // Beyond 2^52 integers that are neighbours as doubles are not as integers, and a step need not be a whole number.
    private static bool IsShort(double a, double b) => b - a <= Intervals && Math.Max(Math.Abs(a), Math.Abs(b)) <= Dense;

    private static double StepOf(double a, double b) => Math.Max(Math.Abs(a), Math.Abs(b)) <= Dense ? Math.Floor((b - a) / Intervals) : (b - a) / Intervals;

    // In the logarithm where the ends are of different orders of magnitude, as they are in the tail of a power.
    private static double MiddleOf(double a, double b)
    {
        if (a < 0 && b <= 0) return -MiddleOf(-b, -a);
        return a >= 0 && b + 1 > 8 * (a + 1) ? Math.Round(Math.Sqrt(a + 1) * Math.Sqrt(b + 1)) : a + Math.Floor((b - a) / 2);
    }

    private static Part Half(Spot spot) => new(spot.Value / 2, 0, spot.Rounding / 2, spot.P / 2, spot.Q / 2, 0, Math.Abs(spot.Value) / 2);

    private static Part Trapezoid(Integrand integrand, double a, double b)
    {
        var sum = Half(integrand(a, 0)) + Half(integrand(b, 0));
        for (var x = a + 1; x < b; x++) sum += Half(integrand(x, 0)) + Half(integrand(x, 0));
        return sum;
    }

    private static Part Extrapolated(Integrand integrand, double a, double step)
    {
        Span<Part> sums = stackalloc Part[4];
        sums.Clear();
        for (var i = 0; i <= Intervals; i++)
        {
            var half = Half(integrand(a + i * step, 0));
            var part = i is 0 or Intervals ? half : half + half;
            for (var level = 0; level < 4; level++)
            {
                if (i % (8 >> level) == 0) sums[level] += part;
            }
        }

        Span<double> values = stackalloc double[4], p = stackalloc double[4], q = stackalloc double[4];
        for (var level = 0; level < 4; level++)
        {
            var width = step * (8 >> level);
            (values[level], p[level], q[level]) = (sums[level].Value * width, sums[level].P * width, sums[level].Q * width);
        }

        var (value, error) = AtStepOne(values, step);
        var (massP, errorP) = AtStepOne(p, step);
        var (massQ, errorQ) = AtStepOne(q, step);
        return new Part(value, error, sums[3].Rounding * step, massP, massQ, errorP + errorQ, sums[3].Size * step);
    }

    // Neville's scheme in the squares of the steps 8h, 4h, 2h, h; the error is what the widest step changes.
    private static (double Value, double Error) AtStepOne(Span<double> sums, double step)
    {
        if (step <= 1) return (sums[3], 0);
        // In units of h.
        ReadOnlySpan<double> squares = [64, 16, 4, 1];
        var target = 1 / step / step;
        var withoutFirst = 0.0;
        for (var order = 1; order < 4; order++)
        {
            for (var i = 0; i < 4 - order; i++)
                sums[i] = sums[i + 1] + (sums[i + 1] - sums[i]) * (target - squares[i + order]) / (squares[i + order] - squares[i]);
            if (order == 2) withoutFirst = sums[1];
        }

        return (sums[0], Math.Abs(sums[0] - withoutFirst));
    }

    // Beyond a cut a term goes on to fall as it did up to it: like a power of x.
    private static Part Beyond(Integrand integrand, double end, double inside)
    {
        var (last, before) = (integrand(end, 0), integrand(Math.Round(inside), 0));
        var (value, p, q) = (Tail(last.Value, before.Value), Tail(last.P, before.P), Tail(last.Q, before.Q));
        return new Part(value, Math.Abs(value), 0, p, q, 0, Math.Abs(value));

        double Tail(double at, double nearer)
        {
            if (at == 0) return 0;
            var rate = Math.Log2(Math.Abs(nearer / at)) - 1;
            return Math.Abs(end) * at / Math.Max(rate, 1e-4);
        }
    }

    private static (double End, bool IsCut) Extend(List<double> marks, double end, int sign, double width, Func<double, int, bool> isNothingBeyond)
    {
        var at = sign > 0 ? marks.Max() : marks.Min();
        for (var reach = width; at != end; reach *= 2)
        {
            if (isNothingBeyond(at, sign)) return (at, false);
            if (Math.Abs(at) >= Largest) return (at, true);
            var next = at + sign * reach;
            at = sign * next >= sign * end ? end : Math.Round(next);
            if (double.IsInfinity(at)) return (sign * Largest, true);
            marks.Add(at);
        }

        return (at, false);
    }
}
