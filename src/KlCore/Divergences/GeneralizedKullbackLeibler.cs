using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// sum p ln(p/q) - p + q over the values as given, without normalising them: the I-divergence of unnormalised weights, equal to
/// KL(p || q) where both sum to 1. In nats or bits, from 0 to +Infinity; infinite when q is 0 where p is positive. Logits have no
/// values but their softmax, and smoothed numbers are those after smoothing.
/// Source: I. Csiszár, Annals of Probability 3 (1975); D. Lee and H. Seung, NIPS (2000).
/// </summary>
public sealed record GeneralizedKullbackLeibler : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "I(p || q)", "sum p ln(p/q) - p + q, on the values as given", "[0, Infinity]",
        "Kullback-Leibler for weights that need not sum to 1; 0 only where p = q before any normalising.",
        "Csiszar, Annals of Probability 3 (1975)")
    {
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => KullbackLeibler.Form(Direction.Forward);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        if (pair.First.IsSmoothed) return Exact(Sums.Of(pair, new Term()));
        var (p, q) = (pair.First, pair.Second);
        return Exact(p.How.Input switch
        {
            InputKind.Logits => Sums.Of(pair, new Term()),
            InputKind.LogProbabilities => OfLogarithms(p.Given, q.Given),
            _ => OfValues(p.Given, q.Given),
        });
    }

    private static double OfValues(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < p.Length; i++) sum.Add(p[i] == q[i] ? 0 : OfValue(p[i], q[i]));
        return sum.Value;
    }

    /// <summary>The difference q - p of two doubles within a factor of 2 is exact, and further apart its rounding does no harm.</summary>
    private static double OfValue(double p, double q) => q == 0 ? double.PositiveInfinity : Elementary.Bregman(p, q - p, q);

    private static double OfLogarithms(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < p.Length; i++) sum.Add(OfLogarithm(p[i], q[i]));
        return sum.Value;
    }

    /// <summary>p (e^x - 1 - x) with x = ln q - ln p.</summary>
    private static double OfLogarithm(double logP, double logQ)
    {
        if (double.IsNegativeInfinity(logP)) return Math.Exp(logQ);
        if (double.IsNegativeInfinity(logQ)) return double.PositiveInfinity;
        var (p, x) = (Math.Exp(logP), logQ - logP);
        return Math.Abs(x) > 0.5 ? Math.Exp(logQ) - p - x * p : p * x * x * Elementary.ExpRemainder(x);
    }

    private readonly struct Term : ITerm
    {
        public double Of(in Cell cell) => cell.KullbackLeibler;
    }
}
