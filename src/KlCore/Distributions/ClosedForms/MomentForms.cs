using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>
/// KL(p || normal) for p of known entropy, mean and variance: that to the normal of the same moments, which is ln(2 pi e variance)/2 less the entropy and
/// never negative, and from there on as between normals.
/// </summary>
internal static class MomentForms
{
    private const double HalfLogTwoPiE = 1.41893853320467274178;
    private const string Formula = "ln(2 pi e v)/2 - h + (u - ln(1 + u) + z^2)/2, v = variance of p, h = entropy of p, u = v/sd'^2 - 1, z = (E x - mean')/sd'";

    // 3/4, 3/2, ... of n^-2, n^-3, ...: Stirling's series in ln(2 pi e n/(n - 2))/2 - h.
    private static readonly double[] OfStudent =
    [
        3.0 / 4, 3.0 / 2, 17.0 / 8, 29.0 / 10, 61.0 / 12, 145.0 / 14, 273.0 / 16, 119.0 / 6, 869.0 / 20, 4121.0 / 22, 6169.0 / 24, -30035.0 / 26,
    ];

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Laplace, Normal>(Formula, (p, q) => ToNormal(p, q)), new ClosedForm<Gumbel, Normal>(Formula, (p, q) => ToNormal(p, q)), new ClosedForm<Logistic, Normal>(Formula, (p, q) => ToNormal(p, q)),
        new ClosedForm<Moyal, Normal>(Formula, (p, q) => ToNormal(p, q)), Unless<GeneralizedNormal>(), Unless<BetaDistribution>(), Unless<Kumaraswamy>(), Unless<VonMises>(), Unless<LogitNormal>(),
        new ClosedForm<StudentT, Normal>(Formula + "; Infinity for degreesOfFreedom <= 2", FromStudent),
        new ClosedForm<Uniform, Normal>(Formula, (p, q) => ToNormal(p, q)), new ClosedForm<Triangular, Normal>(Formula, (p, q) => ToNormal(p, q)), new ClosedForm<ContinuousBernoulli, Normal>(Formula, (p, q) => ToNormal(p, q)),
        new ClosedForm<TruncatedNormal, Normal>(Formula, FromTruncated) { Condition = "not so wide that hardly anything is cut off, unless mean and standardDeviation are equal" },
    ];

    // Of what is nearly normal itself too few digits are left.
    private static ClosedForm<T, Normal> Unless<T>() where T : Univariate =>
        new(Formula, (p, q) => ToNormal(p, q) is { } value && value > 1e-4 ? value : null) { Condition = "p is not nearly the same as q" };

    private static double? ToNormal(Univariate p, Normal q)
    {
        if (p.Variance() is not { } variance || p.Expectation() is not { } mean || !(variance > 0) || double.IsInfinity(variance)) return null;
        return HalfLogTwoPiE + 0.5 * Math.Log(variance) - p.EntropyByFormula() + Between(mean, variance, q);
    }

    private static double? FromStudent(StudentT p, Normal q)
    {
        var n = p.DegreesOfFreedom;
        if (n <= 2) return double.PositiveInfinity;
        var own = n > 50 ? Series(1 / n) : HalfLogTwoPiE + 0.5 * Math.Log(n / (n - 2)) - p.StandardEntropy();
        var r = p.Scale / q.StandardDeviation;
        var step = (p.Scale - q.StandardDeviation) / q.StandardDeviation;
        // r^2 n/(n - 2) - 1.
        var u = step * (2 + step) * (n / (n - 2)) + 2 / (n - 2);
        var z = (p.Location - q.Mean) / q.StandardDeviation;
        var spread = r is > 0.5 and < 2 ? 0.5 * Elementary.Bregman(1, u) : 0.5 * (r * r * (n / (n - 2)) - 1) - Elementary.LogOfRatio(p.Scale, q.StandardDeviation) - 0.5 * Math.Log(n / (n - 2));
        return double.IsInfinity(z) || double.IsInfinity(r) ? double.PositiveInfinity : own + spread + 0.5 * z * z;

        static double Series(double e)
        {
            var sum = 0.0;
            for (var i = OfStudent.Length - 1; i >= 0; i--) sum = sum * e + OfStudent[i];
            return e * e * sum;
        }
    }

    private static double? FromTruncated(TruncatedNormal p, Normal q)
    {
        if (p.Mean == q.Mean && p.StandardDeviation == q.StandardDeviation)
        {
            var (below, above) = (StandardNormal.Cumulative((p.Lower - p.Mean) / p.StandardDeviation), StandardNormal.Cumulative((p.Mean - p.Upper) / p.StandardDeviation));
            if (below + above < 0.5) return -Elementary.Log1p(-(below + above));
        }

        return ToNormal(p, q) is { } value && value > 1e-4 ? value : null;
    }

    private static double Between(double mean, double variance, Normal q)
    {
        var z = (mean - q.Mean) / q.StandardDeviation;
        return ScaleGap.OfSquare(Math.Sqrt(variance), q.StandardDeviation) + 0.5 * z * z;
    }
}
