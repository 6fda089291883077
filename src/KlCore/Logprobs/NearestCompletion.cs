namespace KlCore.Logprobs;

/// <summary>
/// The two distributions that agree with both lists and are nearest to each other. One pair minimises every f-divergence at once: at the minimum
/// all masses that can still move have the same ratio p/q, those at a bound a ratio on the bound's side of it, and in this nothing depends on f.
/// The free tokens count as one, since by the log-sum inequality their masses are best spread evenly.
/// </summary>
/// <remarks>
/// With s the mass of the free tokens under p, x_i = clamp(c p_i) for tokens that only p lists, t = clamp(c s), y_j = clamp(a q_j) for those that
/// only q lists. The minimum over the rest is convex in s, and its derivative has the sign of s/t - a: s is found by bisection. Where rounding
/// leaves a residual uncertain, the level is as near 1 as it allows. P. J. Huber and V. Strassen, "Minimax tests and the Neyman-Pearson lemma for
/// capacities", Annals of Statistics 1 (1973), on why one pair serves all f.
/// </remarks>
internal sealed class NearestCompletion
{
    private const int Bisections = 100;

    private readonly PartialPair _pair;
    private readonly Side _onlyP;
    private readonly Side _onlyQ;

    private NearestCompletion(PartialPair pair)
    {
        _pair = pair;
        _onlyP = new Side(pair.OnlyP, pair.Q);
        _onlyQ = new Side(pair.OnlyQ, pair.P);
    }

    /// <summary>q of the tokens that only p lists.</summary>
    public ReadOnlySpan<double> X => _onlyP.Masses;

    /// <summary>p of the tokens that only q lists.</summary>
    public ReadOnlySpan<double> Y => _onlyQ.Masses;

    /// <summary>The mass of all free tokens under p and under q.</summary>
    public (double P, double Q) Free { get; private set; }

    /// <summary>Mass that only tokens which are impossible on the other side could take.</summary>
    public (double P, double Q) Spilt { get; private set; }

    /// <summary>The ratios p/q of the tokens that only q lists and q/p of those that only p lists, where no bound holds them off.</summary>
    public (double P, double Q) Levels { get; private set; }

    /// <summary>Finds it; looks at <paramref name="cancellation"/> before each halving.</summary>
    public static NearestCompletion Of(PartialPair pair, CancellationToken cancellation = default)
    {
        var completion = new NearestCompletion(pair);
        completion.Solve(cancellation);
        return completion;
    }

    private void Solve(CancellationToken cancellation)
    {
        var (p, free) = (_pair.P, _pair.Free);
        var least = Least(free, _pair.FreeFloor.P);
        var forced = p.ResidualLow - _onlyQ.Most;
        // What rounding leaves over must not end where q is 0.
        var low = forced > Math.Max(least, 1e-13 * p.ResidualLow) ? forced : least;
        var high = Math.Max(low, Math.Min(Most(free, p.Cap), p.ResidualHigh - _onlyQ.Least));
        var (lowest, highest) = (low, high);
        for (var step = 0; step < Bisections && high - low > 1e-17 * high; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var s = low + (high - low) / 2;
            var (a, t) = Place(s);
            if (s > a * t) high = s;
            else low = s;
        }

        // An end that was never left is the minimum itself, not only near it: d(s, 0) may be infinite for every s but 0.
        var mass = low.Equals(lowest) ? lowest : high.Equals(highest) ? highest : low + (high - low) / 2;
        Free = (mass, Place(mass).T);
    }

    /// <summary>Places the rest for a given mass s of the free tokens; answers p's level and the free tokens' q.</summary>
    private (double A, double T) Place(double s)
    {
        var (p, q, free) = (_pair.P, _pair.Q, _pair.Free);
        var a = _onlyQ.Fill(p.ResidualLow - s, p.ResidualHigh - s);
        var spiltP = double.IsPositiveInfinity(a) ? Math.Max(0, p.ResidualLow - s - _onlyQ.Sum) : 0;
        var (least, most) = (Least(free, _pair.FreeFloor.Q), Most(free, q.Cap));
        var c = _onlyP.Fill(q.ResidualLow, q.ResidualHigh, s, least, most);
        var t = WaterLevel.At(c, s, least, most);
        var spiltQ = 0.0;
        if (double.IsPositiveInfinity(c))
        {
            // What the weights cannot take goes where p is 0: to the free tokens first.
            var rest = Math.Max(0, q.ResidualLow - _onlyP.Sum - t);
            var more = s == 0 ? Math.Min(rest, most - t) : 0;
            (t, spiltQ) = (t + more, rest - more);
        }

        Spilt = (spiltP, spiltQ);
        Levels = (a, c);
        return (a, t);
    }

    /// <summary>The least mass of the free tokens; of a number that is not known there may be none.</summary>
    private static double Least(double count, double each) => double.IsInfinity(count) ? 0 : count * each;

    private static double Most(double count, double each) => count == 0 || each == 0 ? 0 : count * each;

    /// <summary>The tokens that one side alone lists, with the other's bounds, and one more place for the free tokens.</summary>
    private sealed class Side
    {
        private readonly double[] _weights;
        private readonly double[] _lows;
        private readonly double[] _highs;
        private readonly int _count;

        public Side(List<HalfKnown> tokens, SideFacts other)
        {
            _count = tokens.Count;
            _weights = new double[_count + 1];
            _lows = new double[_count + 1];
            _highs = new double[_count + 1];
            Masses = new double[_count];
            for (var i = 0; i < _count; i++)
            {
                (_weights[i], _lows[i], _highs[i]) = (Math.Exp(tokens[i].Value.Log), tokens[i].Floor, other.Cap);
                Least += tokens[i].Floor;
                Most += other.Cap;
            }
        }

        public double[] Masses { get; }

        public double Least { get; }

        public double Most { get; }

        public double Sum { get; private set; }

        /// <summary>Sets the masses so that with the extra place they sum to between two totals; answers their level.</summary>
        public double Fill(double low, double high, double extra = 0, double extraLow = 0, double extraHigh = 0)
        {
            (_weights[_count], _lows[_count], _highs[_count]) = (extra, extraLow, extraHigh);
            var water = new WaterLevel(_weights, _lows, _highs);
            var level = water.For(low);
            if (level < 1 && high > low) level = Math.Min(1, Math.Max(level, water.For(high)));
            Sum = 0;
            for (var i = 0; i < _count; i++) Sum += Masses[i] = WaterLevel.At(level, _weights[i], _lows[i], _highs[i]);
            return level;
        }
    }
}
