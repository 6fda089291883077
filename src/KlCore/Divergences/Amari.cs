using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// Amari's D_alpha(p || q) = 4/(1 - alpha^2) (1 - sum p^((1-alpha)/2) q^((1+alpha)/2)), without unit; alpha = -1 is KL(p || q), 1 is
/// KL(q || p), both in nats, 0 is four times the squared Hellinger distance. From 0 to 4/(1 - alpha^2) for |alpha| &lt; 1, else to
/// +Infinity. Source: S. Amari, Differential-Geometrical Methods in Statistics (1985), section 3.5.
/// </summary>
public sealed record Amari : Divergence
{
    /// <summary>alpha, any finite number.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Alpha { get; init; }

    /// <inheritdoc/>
    public override Description Describe() => new(
        "D_alpha(p || q)", "4/(1 - alpha^2) (1 - sum p^((1-alpha)/2) q^((1+alpha)/2)); alpha = -1: KL(p || q), alpha = 1: KL(q || p)",
        "[0, 4/(1-alpha^2)] for |alpha| < 1, else [0, Infinity]",
        "Runs from one direction of Kullback-Leibler (-1) through Hellinger (0) to the other (1).",
        "Amari, Differential-Geometrical Methods in Statistics (1985)");

    internal override DensityForm? OfDensities() => Alpha switch
    {
        -1 => KullbackLeibler.Form(Direction.Forward),
        1 => KullbackLeibler.Form(Direction.Reverse),
        _ => new PowerForm((1 - Alpha) / 2, (1 + Alpha) / 2, -(1 - Alpha) * (1 + Alpha) / 4, IsLogarithm: false),
    };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        if (Alpha == -1) return Exact(KullbackLeibler.Forward(pair));
        if (Alpha == 1) return Exact(KullbackLeibler.Reverse(pair));
        var (a, b) = ((1 - Alpha) / 2, (1 + Alpha) / 2);
        return Exact(PowerSum.LessOneOver(pair, a, b, -a * b));
    }
}
