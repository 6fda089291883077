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
        var weightsP = scratch.WeightsOfP(count);
        var weightsQ = scratch.WeightsOfQ(count);
        var (sideP, sideQ) = (new Side(x, count, options.Temperature, weightsP), new Side(y, count, options.Temperature, weightsQ));
        if (!sideP.IsValid) position.Facts |= PositionFacts.InvalidP;
        if (!sideQ.IsValid) position.Facts |= PositionFacts.InvalidQ;
        if (position.Facts != PositionFacts.None)
        {
            position = new Position { Facts = position.Facts, Target = position.Target };
            return;
        }

        var pair = new CarefulPair { X = x[..count], Y = y[..count], U = weightsP, V = weightsQ, P = sideP, Q = sideQ, Temperature = options.Temperature };
        var rest = sideP.LogSum - sideQ.LogSum;
        var missing = Sum(pair, rest, ref position);
        // Between near rows the rounding of both normalisers tells; the terms' own sum says by how much.
        if (position.Forward < Close && missing != 0) Sum(pair, rest - Elementary.Log1p(missing), ref position);
        Describe(x[..count], y[..count], sideP, sideQ, ref position);
        position.NoiseFloor = (NoiseOf(x, weightsP, p.Element) / sideP.Sum + NoiseOf(y, weightsQ, q.Element) / sideQ.Sum) / (options.Temperature * options.Temperature);
        position.RankInQ = RankOf(y[..count], sideP.Top);
        if (options.TopK.Count > 0) CompareTops(x[..count], y[..count], options, scratch, ref position);
    }

    /// <summary>Sums the measures; what it returns is the sum of q - p, 0 but for rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(in CarefulPair pair, double rest, ref Position position)
    {
        var (forward, reverse, jensenShannon, missing) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        var (variation, hellinger) = (new CompensatedSum(), new CompensatedSum());
        var shift = pair.P.Max / 2 - pair.Q.Max / 2;
        var (sumP, sumQ, temperature) = (pair.P.Sum, pair.Q.Sum, pair.Temperature);
        for (var i = 0; i < pair.X.Length; i++)
        {
            var (x, y) = (pair.X[i], pair.Y[i]);
            var (isP, isQ) = (!double.IsNegativeInfinity(x), !double.IsNegativeInfinity(y));
            if (!isP && !isQ) continue;
            var d = Difference(x / 2, y / 2, shift) / temperature * 2 - rest;
            var (p, q) = (pair.U[i] / sumP, pair.V[i] / sumQ);
            var (size, larger) = (Math.Abs(d), Math.Max(p, q));
            double h;
            if (size < LogRatio.Near)
            {
                var excess = LogRatio.Excess(d);
                forward.Add(p * excess);
                reverse.Add(q * LogRatio.Excess(-d));
                missing.Add(p * (excess - d));
                jensenShannon.Add(larger * LogRatio.Topsoe(d));
                h = LogRatio.Expm1OfMinus(size / 2);
            }
            else
            {
                forward.Add(isP && !isQ ? double.PositiveInfinity : p == 0 ? q : p * (d - 1) + q);
                reverse.Add(isQ && !isP ? double.PositiveInfinity : q == 0 ? p : q * (-d - 1) + p);
                missing.Add(q - p);
                var r = Math.Exp(-size);
                jensenShannon.Add(larger * LogRatio.TopsoeFar(size, r));
                h = Math.Sqrt(r) - 1;
            }

            variation.Add(-larger * h * (2 + h));
            hellinger.Add(larger * h * h);
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
    private static double NoiseOf(ReadOnlySpan<double> logits, ReadOnlySpan<double> weights, ElementType element)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            var ulp = Precision.UlpOf(logits[i], element);
            sum += weights[i] * ulp * ulp;
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

/// <summary>Two rows in doubles, with what their sides are.</summary>
internal readonly ref struct CarefulPair
{
    /// <summary>Logits of p.</summary>
    public required ReadOnlySpan<double> X { get; init; }

    /// <summary>Logits of q.</summary>
    public required ReadOnlySpan<double> Y { get; init; }

    /// <summary>Weights of p.</summary>
    public required ReadOnlySpan<double> U { get; init; }

    /// <summary>Weights of q.</summary>
    public required ReadOnlySpan<double> V { get; init; }

    /// <summary>p.</summary>
    public required Side P { get; init; }

    /// <summary>q.</summary>
    public required Side Q { get; init; }

    /// <summary>What the logits are divided by.</summary>
    public required double Temperature { get; init; }
}
