using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// Probabilities and differences of two distributions given as weights w and v with sums W and V. With e = v - w, exact, and E = V - W
/// = sum of e:  q - p = v/V - w/W = (e W - w E) / (V W),  where the two products cancel only as far as p and q truly agree.
/// </summary>
internal static class WeightDifferences
{
    /// <summary>Fills the three arrays; returns ln(p/q) for the categories that are too small for them, or null if none is.</summary>
    public static double[]? Fill(MassFunction p, MassFunction q, double[] masses, double[] otherMasses, double[] difference)
    {
        double[]? extreme = null;
        var growth = DoubleDouble.Zero;
        for (var i = 0; i < masses.Length; i++) growth += Step(p, q, i);
        var (total, other, product) = (p.Divisor, q.Divisor, p.Divisor.Hi * q.Divisor.Hi);
        for (var i = 0; i < masses.Length; i++)
        {
            masses[i] = p.Weights[i] / total.Hi;
            otherMasses[i] = q.Weights[i] / other.Hi;
            difference[i] = p.IsNormalised ? (Step(p, q, i) * total - At(p, i) * growth).Hi / product : Step(p, q, i).Hi;
            if (masses[i] >= Cell.Tiny && otherMasses[i] >= Cell.Tiny) continue;
            if (!p.IsPossible(i) && masses[i] == 0 && !q.IsPossible(i)) continue;
            if (masses[i] == 0 && !p.IsPossible(i) && otherMasses[i] >= Cell.Tiny) continue;
            if (otherMasses[i] == 0 && !q.IsPossible(i) && masses[i] >= Cell.Tiny) continue;
            extreme ??= Nothing(masses.Length);
            extreme[i] = LogRatio(p, q, i);
        }

        return extreme;
    }

    /// <summary>An array of NaN: no category is extreme yet.</summary>
    public static double[] Nothing(int length)
    {
        var nothing = new double[length];
        Array.Fill(nothing, double.NaN);
        return nothing;
    }

    private static DoubleDouble At(MassFunction side, int index) => new(side.Weights[index], side.Low is null ? 0 : side.Low[index]);

    private static DoubleDouble Step(MassFunction p, MassFunction q, int index) => p.Low is null && q.Low is null
        ? DoubleDouble.Sum(q.Weights[index], -p.Weights[index])
        : At(q, index) - At(p, index);

    private static double LogRatio(MassFunction p, MassFunction q, int index)
    {
        var (possible, alsoPossible) = (p.IsPossible(index), q.IsPossible(index));
        if (possible && alsoPossible) return p.LogMass(index) - q.LogMass(index);
        return possible ? double.PositiveInfinity : double.NegativeInfinity;
    }
}
