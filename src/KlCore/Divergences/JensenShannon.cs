using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// JS(p, q) = w KL(p || m) + (1 - w) KL(q || m) with m = w p + (1 - w) q. In nats or bits, from 0 to -w ln w - (1-w) ln(1-w), which is
/// ln 2 for w = 1/2; always finite. Source: J. Lin, IEEE Transactions on Information Theory 37 (1991).
/// </summary>
public sealed record JensenShannon : Divergence
{
    /// <summary>w, the weight of p in the mixture.</summary>
    [Range(0.0, 1.0)]
    public double Weight { get; init; } = 0.5;

    /// <inheritdoc/>
    public override Description Describe() => new(
        "JS(p, q)", "w KL(p || m_w) + (1 - w) KL(q || m_w), m_w = w p + (1 - w) q", "[0, ln 2]",
        "How far p and q are from their mixture; always finite, also for disjoint supports.",
        "Lin, IEEE Transactions on Information Theory 37 (1991)")
    {
        IsSymmetric = true,
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Form(Weight);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Sum(pair, Weight));

    internal static double Sum(Pair pair, double weight) => weight switch
    {
        0 or 1 => 0,
        0.5 => pair.Sweep.Topsoe / 2,
        _ => Sums.Of(pair, new Term(weight)),
    };

    internal static DensityForm Form(double weight) => weight is 0 or 1 ? DensityForm.Zero : new TermForm(cell => new Term(weight).Of(cell)) { Most = -weight * Math.Log(weight) - (1 - weight) * Math.Log(1 - weight) };

    private readonly struct Term(double weight) : ITerm
    {
        public double Of(in Cell cell) =>
            weight * cell.TowardsMixture(weight, 1 - weight) + (1 - weight) * cell.Reversed.TowardsMixture(1 - weight, weight);
    }
}
