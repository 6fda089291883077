using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>
/// Two rows compared in doubles, one token at a time: good to about 1e-12 whatever the logits are. With p = e^a / (1 + X), a = x - max x,
/// X the sum of e^a without the top token, and d = ln p - ln q every sum is one of terms that are never negative and do not cancel:
/// forward p (d - 1 + e^-d), reverse q (-d - 1 + e^d), and with P = max(p, q), h = e^(-|d|/2) - 1 total variation -P h (2 + h) / 2,
/// squared Hellinger P h^2 / 2.
/// </summary>
internal static class CarefulRow
{
    /// <summary>Compares all but what is named after llama.cpp.</summary>
    public static void Compare(LogitRow p, LogitRow q, RowOptions options, RowScratch scratch, ref Position position)
    {
        var x = scratch.DoublesOfP(p);
        var y = scratch.DoublesOfQ(q);
        var count = Math.Min(p.Count, q.Count);
        var (sideP, sideQ) = (new Side(x, count, options.Temperature), new Side(y, count, options.Temperature));
        if (!sideP.IsValid) position.Facts |= PositionFacts.InvalidP;
        if (!sideQ.IsValid) position.Facts |= PositionFacts.InvalidQ;
        if (position.Facts != PositionFacts.None)
        {
            position = new Position { Facts = position.Facts, Target = position.Target };
            return;
        }

        Sum(x[..count], y[..count], sideP, sideQ, options.Temperature, ref position);
        Describe(x[..count], y[..count], sideP, sideQ, ref position);
        position.NoiseFloor = NoiseOf(x[..count], p.Element, sideP, options.Temperature) + NoiseOf(y[..count], q.Element, sideQ, options.Temperature);
        position.RankInQ = RankOf(y[..count], sideP.Top);
        if (scratch.TopOfP.HasRoom || options.TopK.Count > 0) CompareTops(x[..count], y[..count], options, scratch, ref position);
    }

    private static void Sum(ReadOnlySpan<double> x, ReadOnlySpan<double> y, in Side p, in Side q, double temperature, ref Position position)
    {
        var (forward, reverse, jensenShannon) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        var (variation, hellinger) = (new CompensatedSum(), new CompensatedSum());
        // By halves, since a difference of doubles may overflow; that is exact.
        var (shift, rest) = (p.Max / 2 - q.Max / 2, p.LogSum - q.LogSum);
        for (var i = 0; i < x.Length; i++)
        {
            var (isP, isQ) = (!double.IsNegativeInfinity(x[i]), !double.IsNegativeInfinity(y[i]));
            if (!isP && !isQ) continue;
            var d = (x[i] / 2 - y[i] / 2 - shift) / temperature * 2 - rest;
            var (pi, qi) = (p.ProbabilityOf(x[i], temperature), q.ProbabilityOf(y[i], temperature));
            var near = isP && isQ && Math.Abs(d) < LogRatio.Near;
            forward.Add(near ? pi * LogRatio.Excess(d) : isP && !isQ ? double.PositiveInfinity : pi == 0 ? qi : pi * (d - 1) + qi);
            reverse.Add(near ? qi * LogRatio.Excess(-d) : isQ && !isP ? double.PositiveInfinity : qi == 0 ? pi : qi * (-d - 1) + pi);
            var size = Math.Max(pi, qi);
            var h = Elementary.Expm1(-Math.Abs(d) / 2);
            variation.Add(-size * h * (2 + h));
            hellinger.Add(size * h * h);
            jensenShannon.Add(size * (near ? LogRatio.Topsoe(d) : LogRatio.TopsoeFar(Math.Abs(d))));
        }

        position.Forward = Math.Max(0, forward.Value);
        position.Reverse = Math.Max(0, reverse.Value);
        position.JensenShannon = Math.Min(jensenShannon.Value / 2, Units.Ln2);
        position.TotalVariation = Math.Min(variation.Value / 2, 1);
        position.Hellinger = Math.Min(Math.Sqrt(hellinger.Value / 2), 1);
    }

    private static void Describe(ReadOnlySpan<double> x, ReadOnlySpan<double> y, in Side p, in Side q, ref Position position)
    {
        (position.EntropyP, position.EntropyQ) = (p.Entropy, q.Entropy);
        (position.TopP, position.TopQ) = (p.Top, q.Top);
        (position.TopProbabilityP, position.TopProbabilityQ) = (p.TopProbability, q.TopProbability);
        (position.RemovedP, position.RemovedQ) = (p.Removed, q.Removed);
        if (position.Target < 0) return;
        position.TargetLogP = p.LogProbabilityOf(x[position.Target]);
        position.TargetLogQ = q.LogProbabilityOf(y[position.Target]);
    }

    private static double NoiseOf(ReadOnlySpan<double> logits, ElementType element, in Side side, double temperature)
    {
        var sum = 0.0;
        foreach (var logit in logits)
        {
            if (double.IsNegativeInfinity(logit)) continue;
            var ulp = Precision.UlpOf(logit, element) / temperature;
            sum += side.ProbabilityOf(logit, temperature) * ulp * ulp;
        }

        return sum / 24;
    }

    private static int RankOf(ReadOnlySpan<double> logits, int token)
    {
        var rank = 1;
        for (var i = 0; i < logits.Length; i++)
            if (logits[i] > logits[token] || (logits[i] == logits[token] && i < token)) rank++;
        return rank;
    }

    private static void CompareTops(ReadOnlySpan<double> x, ReadOnlySpan<double> y, RowOptions options, RowScratch scratch, ref Position position)
    {
        Fill(scratch.TopOfP, x);
        Fill(scratch.TopOfQ, y);
        scratch.TopOfP.Compare(scratch.TopOfQ, options.TopK, ref position.Overlap, ref position.OrderedMatch);
    }

    private static void Fill(TopList top, ReadOnlySpan<double> logits)
    {
        top.Clear();
        for (var i = 0; i < logits.Length; i++) top.Offer(logits[i], i);
        top.Sort();
    }
}
