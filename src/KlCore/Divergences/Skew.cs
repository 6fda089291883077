using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// KL(p || lambda p + (1 - lambda) q): Kullback-Leibler towards a model mixed with the reference, finite for any lambda > 0. In nats or
/// bits, from 0 to -ln lambda. lambda = 0 is KL(p || q), 1 is 0. Source: L. Lee, ACL (1999), the skew divergence.
/// </summary>
public sealed record Skew : Divergence
{
    /// <summary>The share of p in the mixture.</summary>
    [Range(0.0, 1.0)]
    public required double Lambda { get; init; }

    /// <inheritdoc/>
    public override Description Describe() => new(
        "KL(p || lambda p + (1 - lambda) q)", "sum p ln(p / (lambda p + (1 - lambda) q))", "[0, -ln lambda]",
        "Kullback-Leibler towards a mixture of q with some p, which keeps it finite where q is 0.",
        "Lee, Measures of Distributional Similarity, ACL (1999)")
    {
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Form(Lambda);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Sum(pair, Lambda));

    internal static double Sum(Pair pair, double lambda)
    {
        if (lambda == 0) return KullbackLeibler.Forward(pair);
        return lambda == 1 ? 0 : Sums.Of(pair, new Term(lambda)) - (1 - lambda) * pair.Growth;
    }

    internal static DensityForm Form(double lambda)
    {
        if (lambda == 0) return KullbackLeibler.Form(Direction.Forward);
        return lambda == 1 ? DensityForm.Zero : new TermForm(cell => new Term(lambda).Of(cell)) { Most = -Math.Log(lambda) };
    }

    private readonly struct Term(double lambda) : ITerm
    {
        public double Of(in Cell cell) => cell.TowardsMixture(lambda, 1 - lambda);
    }
}
