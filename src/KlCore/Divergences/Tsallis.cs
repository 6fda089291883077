using System.ComponentModel.DataAnnotations;

namespace KlCore.Divergences;

/// <summary>
/// T_a(p || q) = (sum p^a q^(1-a) - 1) / (a - 1), without unit; order 1 is KL(p || q) in nats. From 0 to 1/(1 - a) below order 1, to
/// +Infinity from 1 up, where it is infinite when q is 0 where p is positive. Source: C. Tsallis, Physical Review E 58 (1998).
/// </summary>
public sealed record Tsallis : Divergence
{
    /// <summary>a, at least 0.</summary>
    [Range(0.0, double.MaxValue)]
    public required double Order { get; init; }

    /// <inheritdoc/>
    public override Description Describe() => new(
        "T_a(p || q)", "(sum p^a q^(1-a) - 1) / (a - 1); a = 1: KL(p || q)", "[0, 1/(1-a)] for a < 1, else [0, Infinity]",
        "The relative entropy of non-extensive statistics; Renyi's is its logarithm.", "Tsallis, Physical Review E 58 (1998)");

    internal override DensityForm? OfDensities() => Order switch
    {
        0 => new SupportForm(IsLogarithm: false),
        1 => KullbackLeibler.Form(Direction.Forward),
        _ => new PowerForm(Order, 1 - Order, Order - 1, IsLogarithm: false),
    };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation) => Exact(Order switch
    {
        0 => Support.Of(pair).MassOfQOutsideP - pair.ExcessOfQ,
        1 => KullbackLeibler.Forward(pair),
        _ => PowerSum.LessOneOver(pair, Order, 1 - Order, Order - 1),
    });
}
