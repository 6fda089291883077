namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// The posterior mean of the entropy under a mixture of Dirichlet priors over all concentrations beta, weighted so that the prior mean of the
/// entropy is uniform from 0 to ln K. Integrated over ln beta in the log domain; its error is told, and its posterior standard deviation is
/// the standard error.
/// </summary>
public sealed record NemenmanShafeeBialekCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "int E[H | n, beta] P(n | beta) dxi(beta) / int P(n | beta) dxi(beta), xi(beta) = psi(K beta + 1) - psi(beta + 1)",
        "Needs to be told K. Good already where there are fewer observations than categories. The integral is over all beta, not over beta from 0 to ln K.",
        "I. Nemenman, F. Shafee, W. Bialek, Advances in Neural Information Processing Systems 14 (2002)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation) => Correct(counts, cancellation).Value;

    internal override CorrectedEntropy Correct(CountTable counts, CancellationToken cancellation) => EntropyPosterior.Of(counts, cancellation);

    internal override double WorkPerSize => 40_000;
}
