namespace KlCore.Estimation.Counts.Corrections;

/// <summary>The first term of the bias taken away: plug-in + (S - 1)/(2N).</summary>
public sealed record MillerMadowCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "plug-in + (S - 1)/(2N); of KL: plug-in - (S - 1)/(2N) - (sum p/q - 1)/(2M)",
        "Right to the order 1/N once every category has been seen; too little before.", "G. Miller, Information Theory in Psychology (1955); W. Madow");

    internal override double Entropy(CountTable counts, CancellationToken cancellation) => NoCorrection.PlugIn(counts) + (counts.Observed - 1) / (2 * counts.Total);

    internal override double? Divergence(CountPair pair) => pair.PlugIn() is var plugIn && double.IsPositiveInfinity(plugIn) ? plugIn : plugIn - pair.LeadingBias();
}
