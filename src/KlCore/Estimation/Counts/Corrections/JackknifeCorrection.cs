using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// N H - (N - 1)/N sum n H(without one of the category), all of the plug-in. Written as plug-in + sum n/N t(n) - t(N) with
/// t(n) = 1 + (n - 1) ln(1 - 1/n), so that nothing cancels for large N.
/// </summary>
public sealed record JackknifeCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "N H - (N - 1)/N sum n H_-", "Right to the order 1/N, like Miller and Madow's, and with a larger variance.", "S. Zahl, Ecology 58 (1977)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++) sum.Add(counts.Times[i] * (counts.Sizes[i] / counts.Total) * CountTerms.JackknifeTerm(counts.Sizes[i]));
        return NoCorrection.PlugIn(counts) + sum.Value - CountTerms.JackknifeTerm(counts.Total);
    }
}
