using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>Counts under Dirichlet priors with each category's concentration beta: how likely the counts are, and the posterior of the entropy.</summary>
internal sealed class PriorMixture
{
    /// <summary>Below, sums of logarithms of gamma functions are accurate enough in their plain form.</summary>
    private const double ModerateExcess = 1e6;

    private readonly CountTable _counts;

    // Whether ln P(n | beta) is measured from its limit for large beta; else from its behaviour for small beta. Either difference is small
    // where the other would have lost its digits.
    private readonly bool _fromUniform;

    public PriorMixture(CountTable counts)
    {
        _counts = counts;
        var excess = counts.Total * (Math.Log(counts.Categories) - Corrections.NoCorrection.PlugIn(counts));
        _fromUniform = excess < ModerateExcess;
        RoundingOfLogWeight = 4e-16 * (_fromUniform ? Math.Max(1, excess) : counts.Observed * Math.Log(counts.Total));
    }

    /// <summary>Roughly the rounding error of <see cref="LogWeight"/>.</summary>
    public double RoundingOfLogWeight { get; }

    /// <summary>
    /// Above, v is not to be looked at: counts that are measured from small beta are so far from uniform that no beta of their own size is likely,
    /// and there the digits would be lost.
    /// </summary>
    public double LargestV => _fromUniform ? 40 : Math.Log(_counts.Total);

    /// <summary>ln of P(n | beta) dxi/dv at v = ln beta, up to a constant.</summary>
    public double LogWeight(double v)
    {
        var beta = Math.Exp(v);
        var whole = _counts.Categories * beta;
        var sum = new CompensatedSum();
        sum.Add(Math.Log(Slope(beta)) + v);
        for (var i = 0; i < _counts.Sizes.Length; i++)
            sum.Add(_counts.Times[i] * (_fromUniform ? CountTerms.LogRise(beta, _counts.Sizes[i]) : CountTerms.LogRise(_counts.Sizes[i], beta) + beta * Math.Log(_counts.Sizes[i] / _counts.Total)));
        if (_fromUniform)
        {
            sum.Add(-CountTerms.LogRise(whole, _counts.Total));
            return sum.Value;
        }

        // The categories that were not seen have a share in (N + K beta)'s logarithm, too.
        sum.Add(-CountTerms.LogRise(_counts.Total, whole) - (_counts.Categories - _counts.Observed) * beta * Math.Log(_counts.Total));
        sum.Add(GammaFunctions.LogGamma(whole) - _counts.Observed * GammaFunctions.LogGamma(beta));
        return sum.Value;
    }

    /// <summary>Mean and variance of the entropy given beta. Source: D. Wolpert, D. Wolf, Physical Review E 52 (1995).</summary>
    public (double Mean, double Variance) Entropy(double beta)
    {
        var total = _counts.Total + _counts.Categories * beta;
        var (first, second, rest) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        for (var i = 0; i < _counts.Sizes.Length; i++) Add(_counts.Times[i], _counts.Sizes[i] + beta, _counts.Total - _counts.Sizes[i] + (_counts.Categories - 1) * beta);
        Add(_counts.Categories - _counts.Observed, beta, _counts.Total + (_counts.Categories - 1) * beta);
        var mean = first.Value / total;
        var shift = 1 + mean - 1 / (total + 1);
        var own = total / (total + 1);
        var square = own * own + shift * shift * total - 2 * shift * first.Value + second.Value + rest.Value;
        return (mean, square / total / (total + 1) - GammaFunctions.Trigamma(total + 2));

        void Add(double times, double x, double others)
        {
            if (times == 0) return;
            var gap = CountTerms.DigammaGap(x + 1, total + 1, others);
            first.Add(times * x * gap);
            second.Add(times * x * gap * gap);
            rest.Add(times * (x * (x + 1) * GammaFunctions.Trigamma(x + 2) - x * (x / (x + 1))));
        }
    }

    /// <summary>dxi/dbeta = K psi'(K beta + 1) - psi'(beta + 1), positive; for large beta, where the leading 1/beta cancel, by what is left.</summary>
    private double Slope(double beta)
    {
        var categories = _counts.Categories;
        if (beta < 10) return categories * GammaFunctions.Trigamma(categories * beta + 1) - GammaFunctions.Trigamma(beta + 1);
        return (0.5 * (1 - 1 / categories) - (Rest(beta) - Rest(categories * beta) / categories)) / beta / beta;

        // x^2 (psi'(x + 1) - 1/x + 1/(2 x^2)).
        static double Rest(double x)
        {
            var z = 1 / (x * x);
            return (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42 - z * (1.0 / 30 - z * 5.0 / 66)))) / x;
        }
    }
}
