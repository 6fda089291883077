using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// D_a(p || q) = ln(sum p^a q^(1-a)) / (a - 1), nondecreasing in the order a. a = 0 is -ln q(p > 0), 1 is KL(p || q), Infinity is
/// ln max p/q. In nats or bits, from 0 to +Infinity; infinite for disjoint supports, and from order 1 up when q is 0 where p is
/// positive. Source: A. Rényi, Fourth Berkeley Symposium (1961); T. van Erven and P. Harremoës, IEEE Transactions on Information
/// Theory 60 (2014).
/// </summary>
public sealed record Renyi : Divergence
{
    /// <summary>a, from 0 to Infinity.</summary>
    [Range(0.0, double.PositiveInfinity)]
    public required double Order { get; init; }

    /// <inheritdoc/>
    public override Description Describe() => new(
        "D_a(p || q)", "ln(sum p^a q^(1-a)) / (a - 1); a = 0: -ln q(p > 0), a = 1: KL(p || q), a = Infinity: ln max p/q", "[0, Infinity]",
        "A family that weighs the worst categories the more the higher the order is, nondecreasing in it.",
        "Renyi, Fourth Berkeley Symposium (1961); van Erven and Harremoes, IEEE Transactions on Information Theory 60 (2014)")
    {
        FollowsUnit = true,
    };

    internal override DensityForm? OfDensities() => Order switch
    {
        0 => new SupportForm(IsLogarithm: true),
        1 => KullbackLeibler.Form(Direction.Forward),
        > 1e300 => new SupremumForm(),
        _ => new PowerForm(Order, 1 - Order, Order - 1, IsLogarithm: true),
    };

    internal override Measurement Measure(Pair pair, CancellationToken cancellation)
    {
        var value = Value(pair);
        return Exact(pair.First.IsNormalised ? Math.Max(0, value) : value);
    }

    private double Value(Pair pair) => Order switch
    {
        0 => OrderZero(pair),
        1 => KullbackLeibler.Forward(pair),
        > 1e300 => Largest(pair),
        _ => PowerSum.LogOver(pair, Order, 1 - Order, Order - 1),
    };

    /// <summary>-ln of the mass of q where p is positive: by what is outside, if that is less than half.</summary>
    private static double OrderZero(Pair pair)
    {
        var outside = Support.Of(pair).MassOfQOutsideP;
        if (outside < 0.5) return -Elementary.Log1p(pair.ExcessOfQ - outside);
        var largest = double.NegativeInfinity;
        for (var i = 0; i < pair.Count; i++) largest = Math.Max(largest, LogInside(pair, i));
        if (double.IsNegativeInfinity(largest)) return double.PositiveInfinity;
        var sum = new CompensatedSum();
        for (var i = 0; i < pair.Count; i++) sum.Add(Math.Exp(LogInside(pair, i) - largest));
        return -(largest + Math.Log(sum.Value));
    }

    private static double LogInside(Pair pair, int index) =>
        pair.First.IsPossible(index) && pair.Second.IsPossible(index) ? pair.Second.LogMass(index) : double.NegativeInfinity;

    private static double Largest(Pair pair)
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < pair.Count; i++)
        {
            if (pair.First.IsPossible(i)) largest = Math.Max(largest, pair[i].LogRatio);
        }

        return largest;
    }
}
