using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// D_lambda(p || q) = (sum p^(1+lambda) q^(-lambda) - 1) / (lambda (lambda + 1)), without unit; lambda = 0 is KL(p || q), -1 is
/// KL(q || p), both in nats, 1 is half of Pearson's chi-squared. From 0 to +Infinity. Source: N. Cressie and T. Read, Journal of the
/// Royal Statistical Society B 46 (1984); theirs is 2N times this one.
/// </summary>
public sealed record Power : Divergence
{
    /// <summary>lambda, any finite number; 2/3 is what Cressie and Read recommend for tests.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Lambda { get; init; }

    /// <inheritdoc/>
    public override Description Describe() => new(
        "D_lambda(p || q)", "(sum p^(1+lambda) q^(-lambda) - 1) / (lambda (lambda + 1)); lambda = 0: KL(p || q), lambda = -1: KL(q || p)",
        "[0, Infinity]", "The family of goodness-of-fit statistics that holds Pearson's, Neyman's and the likelihood ratio.",
        "Cressie and Read, Journal of the Royal Statistical Society B 46 (1984)");

    internal override DensityForm? OfDensities() => Lambda switch
    {
        0 => KullbackLeibler.Form(Direction.Forward),
        -1 => KullbackLeibler.Form(Direction.Reverse),
        _ => new PowerForm(1 + Lambda, -Lambda, Lambda * (Lambda + 1), IsLogarithm: false),
    };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Lambda switch
    {
        0 => KullbackLeibler.Forward(pair),
        -1 => KullbackLeibler.Reverse(pair),
        _ => PowerSum.LessOneOver(pair, 1 + Lambda, -Lambda, Lambda * (Lambda + 1)),
    });
}
