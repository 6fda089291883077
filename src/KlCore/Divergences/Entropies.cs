using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>The entropies of a pair.</summary>
/// <param name="P">H(p) = -sum p ln p.</param>
/// <param name="Q">H(q) = -sum q ln q.</param>
/// <param name="CrossForward">H(p, q) = -sum p ln q = H(p) + KL(p || q); infinite when q is 0 where p is positive.</param>
/// <param name="CrossReverse">H(q, p) = -sum q ln p.</param>
public sealed record Entropies(double P, double Q, double CrossForward, double CrossReverse)
{
    /// <summary>The entropies of the pair in the given unit. Each is a sum of terms that are at least 0.</summary>
    public static Entropies Of(Pair pair, Unit unit = Unit.Nats)
    {
        var (p, q) = (OfOne(pair.First, pair.P), OfOne(pair.Second, pair.Q));
        return new(
            unit.FromNats(p),
            unit.FromNats(q),
            unit.FromNats(p + KullbackLeibler.Forward(pair)),
            unit.FromNats(q + KullbackLeibler.Reverse(pair)));
    }

    /// <summary>-sum p ln q as H(p) + KL(p || q), both at least 0.</summary>
    internal static double Cross(Pair pair, Direction direction) => direction == Direction.Forward
        ? OfOne(pair.First, pair.P) + KullbackLeibler.Forward(pair)
        : OfOne(pair.Second, pair.Q) + KullbackLeibler.Reverse(pair);

    /// <summary>-sum p ln p. The heaviest category, which may be within rounding of 1, is added by what is missing from 1.</summary>
    private static double OfOne(MassFunction side, ReadOnlySpan<double> masses)
    {
        var before = masses[..side.Heaviest];
        var after = masses[(side.Heaviest + 1)..];
        var lighter = Fold.Sum<EntropyKernel>(before, before) + Fold.Sum<EntropyKernel>(after, after);
        return lighter - masses[side.Heaviest] * side.LogMass(side.Heaviest) + 0.0;
    }
}
