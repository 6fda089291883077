namespace KlCore.Divergences;

/// <summary>
/// -ln BC with BC = sum sqrt(p q): half of the Rényi divergence of order 1/2. In nats or bits, from 0 to +Infinity; infinite for
/// disjoint supports only. Source: A. Bhattacharyya, Bulletin of the Calcutta Mathematical Society 35 (1943).
/// </summary>
public sealed record Bhattacharyya : Divergence
{
    /// <inheritdoc/>
    public override Description Describe() => new(
        "D_B(p, q)", "-ln BC = -ln sum sqrt(p q)", "[0, Infinity]", "How little p and q overlap; infinite only if they do not overlap at all.",
        "Bhattacharyya, Bulletin of the Calcutta Mathematical Society 35 (1943)")
    {
        IsSymmetric = true,
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => new PowerForm(0.5, 0.5, -1, IsLogarithm: true);

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Math.Max(0, PowerSum.LogOver(pair, 0.5, 0.5, -1)));
}
