using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Two Gaussians of equal dimension, read and factored: p is the reference, q the model.</summary>
public sealed class GaussianPair
{
    private readonly double[] _meanOfP;
    private readonly double[] _meanOfQ;
    private readonly FactoredCovariance _p;
    private readonly FactoredCovariance _q;

    private GaussianPair(Gaussian p, Gaussian q, FactoredCovariance first, FactoredCovariance second)
    {
        (_meanOfP, _meanOfQ) = (p.Mean.Coordinates.ToArray(), q.Mean.Coordinates.ToArray());
        (_p, _q) = first.GetType() == second.GetType() ? (first, second) : (Full(first), Full(second));
    }

    /// <summary>How many coordinates both have.</summary>
    public int Dimension => _meanOfP.Length;

    internal ReadOnlySpan<double> MeanOfP => _meanOfP;

    internal ReadOnlySpan<double> MeanOfQ => _meanOfQ;

    /// <summary>Reads and pairs two Gaussians.</summary>
    /// <exception cref="InvalidInputException">Names every failure under <c>/p</c> and <c>/q</c>.</exception>
    public static GaussianPair From(Gaussian p, Gaussian q)
    {
        var problems = new Problems();
        var pair = TryFrom(p, q, problems, CancellationToken.None);
        problems.ThrowIfAny();
        return pair!;
    }

    /// <summary>The same, with the failures under <c>p</c> and <c>q</c> of <paramref name="at"/>; null if there are any.</summary>
    public static GaussianPair? TryFrom(Gaussian p, Gaussian q, Problems at, CancellationToken cancellation)
    {
        var first = GaussianReading.TryRead(p, at.At("p"), cancellation);
        var second = GaussianReading.TryRead(q, at.At("q"), cancellation);
        if (p.Mean.Dimension == q.Mean.Dimension || q.Mean.Dimension == 0) return first is null || second is null ? null : new GaussianPair(p, q, first, second);
        at.At("q").Add("mean", $"must have as many coordinates as that of p, which has {p.Mean.Dimension}, had {q.Mean.Dimension}");
        return null;
    }

    /// <summary>KL(p || q) alone, in nats.</summary>
    public double KullbackLeibler() => Directed(_p, _q, CancellationToken.None).Value;

    /// <summary>Everything that is measured between the two, in nats.</summary>
    public GaussianComparison Compare(CancellationToken cancellation = default)
    {
        var (forward, reverse) = (Directed(_p, _q, cancellation), Directed(_q, _p, cancellation));
        var bhattacharyya = Bhattacharyya(cancellation);
        var (p, q) = (Conditions.Of(_p, cancellation), Conditions.Of(_q, cancellation));
        return new GaussianComparison(
            Dimension, forward, reverse, bhattacharyya, Math.Sqrt(-Elementary.Expm1(-bhattacharyya)),
            GaussianTransport.Distance(_meanOfP, _meanOfQ, _p, _q, cancellation), new ConditionNumbers(p.Whole, q.Whole),
            [.. Warnings("p", p), .. Warnings("q", q), .. Overflow(forward, reverse)]);
    }

    /// <summary>The factor L of p's covariance, row after row, in the coordinates as given.</summary>
    internal double[] LowerOfP() => _p.Lower(new int[Dimension]);

    /// <summary>That of q's.</summary>
    internal double[] LowerOfQ() => _q.Lower(new int[Dimension]);

    /// <summary>What the covariances contribute to KL(p || q).</summary>
    internal CovarianceShare ShareOfP() => _p.Equals(_q) ? CovarianceShare.OfEqual(Dimension) : _p.Toward(_q, CancellationToken.None);

    private DirectedGaussian Directed(FactoredCovariance reference, FactoredCovariance model, CancellationToken cancellation)
    {
        var share = _p.Equals(_q) ? CovarianceShare.OfEqual(Dimension) : reference.Toward(model, cancellation);
        return DirectedGaussian.Of(share, model.Mahalanobis(_meanOfP, _meanOfQ));
    }

    // Both KL divergences to the Gaussian between the two, whose traces add up to 2 d: terms of one sign, near and far.
    private double Bhattacharyya(CancellationToken cancellation)
    {
        if (_p.Equals(_q)) return _p.Mahalanobis(_meanOfP, _meanOfQ) / 8;
        var middle = _p.Midpoint(_q, cancellation);
        var (p, q) = (_p.Toward(middle, cancellation), _q.Toward(middle, cancellation));
        return (p.Excess + q.Excess) / 4 + middle.Mahalanobis(_meanOfP, _meanOfQ) / 8;
    }

    private static IEnumerable<string> Warnings(string name, Conditions conditions)
    {
        if (conditions.Scaled < 1e8) yield break;
        var digits = Math.Clamp((int)Math.Ceiling(Math.Log10(conditions.Scaled)), 0, 16);
        yield return $"The covariance of {name} is ill-conditioned ({conditions.Scaled:G2} when its variances are brought near 1): a change in the last digit of its elements may change about {digits} of 16 digits of the values.";
    }

    private static IEnumerable<string> Overflow(DirectedGaussian forward, DirectedGaussian reverse)
    {
        if (double.IsInfinity(forward.Value) || double.IsInfinity(reverse.Value))
            yield return "A divergence is beyond the range of doubles, about 1.8e308, and answered as Infinity.";
    }

    private static FactoredCovariance Full(FactoredCovariance covariance) => covariance is not DiagonalCovariance diagonal ? covariance
        : diagonal.Dimension <= PreciseCovariance.MaximumDimension ? PreciseCovariance.Of(diagonal)
        : BlockedCovariance.Of(diagonal);
}
