namespace KlCore.Distributions.Integration;

/// <summary>The largest value of a function over the line: seen at the points of a ruler, then made precise between the neighbours of the best of them.</summary>
internal sealed class LineSupremum(LinePair pair)
{
    private const int Candidates = 8;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>Where a logarithm of an integrand is largest, and how large.</summary>
    /// <param name="ruler">Where to look.</param>
    /// <param name="log">The logarithm at a point.</param>
    /// <param name="weighted">Whether a point counts by its share of the line in the ruler's own coordinate.</param>
    public static (double X, double Value) Highest(Ruler ruler, Func<double, double> log, bool weighted)
    {
        // Between the neighbours of the best point, which may be those of the next stretch, since a largest value can lie near where two meet.
        var seen = new List<(int Piece, double Before, double At, double After, double Value)>();
        foreach (var stretches in ruler.Stretches.GroupBy(stretch => stretch.Piece))
        {
            var points = stretches.SelectMany(ruler.Points).OrderBy(point => point.At).ToArray();
            var (from, to) = (stretches.Min(stretch => stretch.From), stretches.Max(stretch => stretch.To));
            for (var i = 0; i < points.Length; i++)
            {
                var before = i == 0 ? from : points[i - 1].At;
                var after = i == points.Length - 1 ? to : points[i + 1].At;
                var value = log(points[i].X) + (weighted ? points[i].LogWeight : 0);
                if (!double.IsNaN(value)) seen.Add((stretches.Key, before, points[i].At, after, value));
            }
        }

        var best = (X: double.NaN, Value: double.NegativeInfinity);
        foreach (var candidate in seen.OrderByDescending(point => point.Value).Take(Candidates))
        {
            var (at, value) = Climb(s => At(ruler, log, weighted, candidate.Piece, s), candidate.Before, candidate.After);
            if (candidate.Value > value) (at, value) = (candidate.At, candidate.Value);
            if (value > best.Value) best = (ruler.Place(candidate.Piece, at).X, value);
        }

        return best;
    }

    /// <summary>ln sup p/q.</summary>
    public Measurement OfLogRatio()
    {
        switch (TailComparison.OfRatio(pair))
        {
            case Convergence.Infinite:
                return new Measurement(double.PositiveInfinity, Method);
            case Convergence.Undecided:
                throw new NotComputableException("undecided", "Whether p/q is bounded hangs on terms of the tails that nearly cancel; it cannot be told apart from numbers of 16 digits.");
        }

        var (x, value) = Highest(pair.Ruler([]), LogRatio, weighted: false);
        foreach (var end in new[] { pair.Lower, pair.Upper }.Where(double.IsFinite))
        {
            if (LogRatio(end) is var atEnd && atEnd > value) (x, value) = (end, atEnd);
        }

        if (double.IsInfinity(value)) return new Measurement(double.PositiveInfinity, Method);
        return new Measurement(Math.Max(0, value), Method, 4 * Noise(x) + 1e-14 * Math.Abs(value) + Steepness(LogRatio, x, value));

        double LogRatio(double at)
        {
            var (logP, logQ) = PairIntegrands.Logarithms(pair, at);
            if (double.IsNegativeInfinity(pair.P.LogDensity(at))) return double.NegativeInfinity;
            // Far out, where the difference of two large numbers has no digits left, nothing can be seen.
            if (double.IsNegativeInfinity(logP) || !(Noise(at) < 1e-9 * (1 + Math.Abs(logP - logQ)))) return double.IsNegativeInfinity(logQ) && logP > logQ ? double.PositiveInfinity : double.NegativeInfinity;
            return logP - logQ;
        }
    }

    /// <summary>sup |F - G|.</summary>
    public Measurement OfGap()
    {
        if (pair.AreDisjoint) return new Measurement(1, Method, 0);
        double Size(double at) => Math.Abs(Gap(at));
        var (x, value) = Highest(pair.RulerOverBoth(), Size, weighted: false);
        return new Measurement(Math.Clamp(value, 0, 1), Method, 1e-14 + Steepness(Size, x, value));
    }

    // The place of the largest value is a rounded number: what the next ones differ by.
    private double Steepness(Func<double, double> function, double x, double value)
    {
        if (pair.IsDiscrete) return 0;
        var (below, above) = (Math.Abs(function(Math.BitDecrement(x)) - value), Math.Abs(function(Math.BitIncrement(x)) - value));
        return Math.Max(double.IsFinite(below) ? below : 0, double.IsFinite(above) ? above : 0);
    }

    private Method Method => pair.IsDiscrete ? Method.Summation : Method.Quadrature;

    /// <summary>F - G, by the smaller of the tails.</summary>
    internal double Gap(double x)
    {
        var (below, above) = (pair.P.Cumulative(x), pair.P.Survival(x));
        return below < above ? below - pair.Q.Cumulative(x) : pair.Q.Survival(x) - above;
    }

    private double Noise(double x)
    {
        var (logP, logQ) = (pair.P.LogDensity(x), pair.Q.LogDensity(x));
        var noise = 2.3e-16 * (4 + Math.Abs(logP) + Math.Abs(logQ));
        return double.IsFinite(noise) ? noise : 0;
    }

    private static double At(Ruler ruler, Func<double, double> log, bool weighted, int piece, double s)
    {
        var (x, logWeight) = ruler.Place(piece, s);
        return log(x) + (weighted ? logWeight : 0);
    }

    // Golden sections; near a smooth maximum the value has all its digits long before the place has.
    private static (double At, double Value) Climb(Func<double, double> function, double from, double to)
    {
        var (a, b) = (to - Golden * (to - from), from + Golden * (to - from));
        var (atA, atB) = (function(a), function(b));
        for (var i = 0; i < 80 && to - from > 1e-12 * (Math.Abs(from) + Math.Abs(to)); i++)
        {
            if (atA >= atB)
            {
                (to, b, atB) = (b, a, atA);
                a = to - Golden * (to - from);
                atA = function(a);
            }
            else
            {
                (from, a, atA) = (a, b, atB);
                b = from + Golden * (to - from);
                atB = function(b);
            }
        }

        return atA >= atB ? (a, atA) : (b, atB);
    }
}
