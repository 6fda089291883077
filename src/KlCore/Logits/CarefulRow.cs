using System.Runtime.CompilerServices;
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
    /// <summary>Up to which divergence rows count as near.</summary>
    private const double Close = 1e-4;

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

        var rest = sideP.LogSum - sideQ.LogSum;
        var missing = Sum(x[..count], y[..count], sideP, sideQ, rest, options.Temperature, ref position);
        // Between near rows the rounding of both normalisers tells; the terms' own sum says by how much.
        if (position.Forward < Close && missing != 0)
            Sum(x[..count], y[..count], sideP, sideQ, rest - Elementary.Log1p(missing), options.Temperature, ref position);
        Describe(x[..count], y[..count], sideP, sideQ, ref position);
        position.NoiseFloor = NoiseOf(x[..count], p.Element, sideP, options.Temperature) + NoiseOf(y[..count], q.Element, sideQ, options.Temperature);
        position.RankInQ = RankOf(y[..count], sideP.Top);
        if (options.TopK.Count > 0) CompareTops(x[..count], y[..count], options, scratch, ref position);
    }

    /// <summary>Sums the measures; what it returns is the sum of q - p, 0 but for rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(ReadOnlySpan<double> x, ReadOnlySpan<double> y, in Side p, in Side q, double rest, double temperature, ref Position position)
    {
        var (forward, reverse, jensenShannon, missing) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        var (variation, hellinger) = (new CompensatedSum(), new CompensatedSum());
        var shift = p.Max / 2 - q.Max / 2;
        for (var i = 0; i < x.Length; i++)
        {
            var (isP, isQ) = (!double.IsNegativeInfinity(x[i]), !double.IsNegativeInfinity(y[i]));
            if (!isP && !isQ) continue;
            var d = Difference(x[i] / 2, y[i] / 2, shift) / temperature * 2 - rest;
            var (pi, qi) = (p.ProbabilityOf(x[i], temperature), q.ProbabilityOf(y[i], temperature));
            var near = isP && isQ && Math.Abs(d) < LogRatio.Near;
            var excess = near ? LogRatio.Excess(d) : 0;
            forward.Add(near ? pi * excess : isP && !isQ ? double.PositiveInfinity : pi == 0 ? qi : pi * (d - 1) + qi);
            reverse.Add(near ? qi * LogRatio.Excess(-d) : isQ && !isP ? double.PositiveInfinity : qi == 0 ? pi : qi * (-d - 1) + pi);
            missing.Add(near ? pi * (excess - d) : qi - pi);
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
        return missing.Value;
    }

    /// <summary>x - y - shift with what x - y rounds away taken back (Knuth's two-sum); of halves, whose difference cannot overflow.</summary>
    private static double Difference(double x, double y, double shift)
    {
        var difference = x - y;
        var part = difference - x;
        var error = x - (difference - part) - (y + part);
        return double.IsFinite(error) ? difference - shift + error : difference;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(TopList top, ReadOnlySpan<double> logits)
    {
        top.Clear();
        for (var i = 0; i < logits.Length; i++) top.Offer(logits[i], i);
        top.Sort();
    }
}
