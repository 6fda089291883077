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
        if (b - a <= Intervals) return Trapezoid(integrand, a, b);
        var step = Math.Floor((b - a) / Intervals);
        var end = a + Intervals * step;
        var part = Extrapolated(integrand, a, step);
        return end < b && b - end <= Intervals ? part + Trapezoid(integrand, end, b) : part;
    }

    public override IReadOnlyList<Stretch> Split(Stretch stretch)
    {
        if (stretch.To - stretch.From <= Intervals) return [];
        var middle = stretch.From + Math.Floor((stretch.To - stretch.From) / 2);
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
        var step = Math.Max(1, Math.Floor((stretch.To - stretch.From) / Intervals));
        for (var x = stretch.From; x <= stretch.To; x += step) yield return (x, x, 0);
    }

    public override (double X, double LogWeight) Place(int piece, double at) => (Math.Round(at), 0);

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
        if (step == 1) return (sums[3], 0);
        Span<double> squares = [64 * step * step, 16 * step * step, 4 * step * step, step * step];
        var withoutFirst = 0.0;
        for (var order = 1; order < 4; order++)
        {
            for (var i = 0; i < 4 - order; i++)
                sums[i] = sums[i + 1] + (sums[i + 1] - sums[i]) * (1 - squares[i + order]) / (squares[i + order] - squares[i]);
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
