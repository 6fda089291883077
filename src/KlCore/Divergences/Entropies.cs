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
    public static Entropies Of(Pair pair, Unit unit = Unit.Nats) => new(
        unit.FromNats(Cross(pair.First, pair.First)),
        unit.FromNats(Cross(pair.Second, pair.Second)),
        unit.FromNats(Cross(pair.First, pair.Second)),
        unit.FromNats(Cross(pair.Second, pair.First)));

    /// <summary>-sum of a ln b over the categories that a can produce.</summary>
    internal static double Cross(MassFunction a, MassFunction b)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < a.Count; i++)
        {
            if (!a.IsPossible(i)) continue;
            if (!b.IsPossible(i)) return double.PositiveInfinity;
            sum.Add(-a.Mass(i) * b.LogMass(i));
        }

        return sum.Value + 0.0;
    }
}
