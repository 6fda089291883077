using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// Zhang's estimate, sum over v from 1 to N - 1 of Z_v/v with Z_v unbiased for sum p (1 - p)^v. Its sum is (1/N) sum n (psi(N) - psi(n)).
/// Of KL (Zhang and Grabchak): sum p [psi(M + 1) - psi(m + 1) - psi(N) + psi(n)], finite also where q has an empty category.
/// </summary>
public sealed record ZhangCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "sum n/N (psi(N) - psi(n)); of KL: sum n/N (psi(M + 1) - psi(m + 1) - psi(N) + psi(n))",
        "The bias vanishes exponentially in N once there are finitely many categories. The KL stays finite where q has not seen what p has.",
        "Z. Zhang, Neural Computation 24 (2012); Z. Zhang, M. Grabchak, Neural Computation 26 (2014)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++) sum.Add(counts.Times[i] * (counts.Sizes[i] / counts.Total) * CountTerms.HarmonicGap(counts.Sizes[i], counts.Total));
        return sum.Value;
    }

    internal override double? Divergence(CountPair pair) => pair.Zhang();
}
