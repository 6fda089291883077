using KlCore.Numerics;

namespace KlCore.Logprobs;

/// <summary>The least value that a divergence can have.</summary>
internal static class LowerBound
{
    /// <summary>
    /// The divergence of the nearest completion: no pair of distributions with these lists has a smaller one, and this pair has it. Where listed
    /// values are rounded, so that many lists may be meant, a bound that holds for all of them: <see cref="RoundedLowerBound"/>.
    /// </summary>
    public static double Tight<T>(PartialPair pair, NearestCompletion nearest)
        where T : struct, ITerm
    {
        if (pair.IsRounded) return Math.Max(Bucket<T>(pair), RoundedLowerBound.Of<T>(pair, nearest));
        var sum = Listed<T>(pair);
        for (var i = 0; i < pair.OnlyP.Count; i++) sum.Add(Nearest<T>(pair.OnlyP[i].Value, new Known(Math.Log(nearest.X[i]), 0)));
        for (var i = 0; i < pair.OnlyQ.Count; i++) sum.Add(Nearest<T>(new Known(Math.Log(nearest.Y[i]), 0), pair.OnlyQ[i].Value));
        sum.Add(T.Of(Masses.From(nearest.Free.P, nearest.Free.Q)));
        if (nearest.Spilt.P > 0) sum.Add(T.Of(Masses.From(nearest.Spilt.P, 0)));
        if (nearest.Spilt.Q > 0) sum.Add(T.Of(Masses.From(0, nearest.Spilt.Q)));
        return sum.Value;
    }

    /// <summary>
    /// The divergence after everything that is not listed on both sides is merged to one token, which by the data-processing inequality is not
    /// more than the true one. Where all tokens of p are known under q this is the list with its tail as one bucket.
    /// </summary>
    public static double Bucket<T>(PartialPair pair)
        where T : struct, ITerm
    {
        var sum = Listed<T>(pair);
        var (lowP, highP) = Rest(pair.OnlyP, pair.P);
        var (lowQ, highQ) = Rest(pair.OnlyQ, pair.Q);
        if (lowP > highQ) sum.Add(T.Of(Masses.From(lowP, highQ)));
        else if (lowQ > highP) sum.Add(T.Of(Masses.From(highP, lowQ)));
        return sum.Value;
    }

    private static CompensatedSum Listed<T>(PartialPair pair)
        where T : struct, ITerm
    {
        CompensatedSum sum = default;
        foreach (var (p, q) in pair.Both) sum.Add(Nearest<T>(p, q));
        return sum;
    }

    /// <summary>The least share of a token: 0 if both may be the same, else that of the ends next to each other.</summary>
    public static double Nearest<T>(Known p, Known q)
        where T : struct, ITerm
    {
        if (p.Low > q.High) return T.Of(Masses.FromLogs(p.Low, q.High));
        return q.Low > p.High ? T.Of(Masses.FromLogs(p.High, q.Low)) : 0;
    }

    private static (double Low, double High) Rest(List<HalfKnown> tokens, SideFacts side)
    {
        CompensatedSum low = default, high = default;
        low.Add(side.ResidualLow);
        high.Add(side.ResidualHigh);
        foreach (var (value, _) in tokens)
        {
            low.Add(Math.Exp(value.Low));
            high.Add(Math.Exp(value.High));
        }

        return (low.Value, high.Value);
    }
}
