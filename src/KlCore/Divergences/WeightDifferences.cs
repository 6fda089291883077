using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// Probabilities and differences of two distributions given as weights w and v with sums W and V. With e = v - w, exact, and E = V - W
/// = sum of e:  q - p = v/V - w/W = (e W - w E) / (V W),  where the two products cancel only as far as p and q truly agree.
/// </summary>
internal static class WeightDifferences
{
    /// <summary>Fills the three arrays; returns the logarithms of those too small for a double, or null if none is.</summary>
    public static Extremes? Fill(MassFunction p, MassFunction q, double[] masses, double[] otherMasses, double[] difference)
    {
        Extremes? extremes = null;
        var growth = DoubleDouble.Zero;
        for (var i = 0; i < masses.Length; i++) growth += Step(p, q, i);
        var (total, other, product) = (p.Divisor, q.Divisor, p.Divisor.Hi * q.Divisor.Hi);
        for (var i = 0; i < masses.Length; i++)
        {
            masses[i] = p.Weights[i] / total.Hi;
            otherMasses[i] = q.Weights[i] / other.Hi;
            difference[i] = p.IsNormalised ? (Step(p, q, i) * total - At(p, i) * growth).Hi / product : Step(p, q, i).Hi;
            if (masses[i] < Cell.Tiny || otherMasses[i] < Cell.Tiny) Extremes.Note(ref extremes, p, q, i);
        }

        return extremes;
    }

    internal static DoubleDouble At(MassFunction side, int index) => new(side.Weights[index], side.Low is null ? 0 : side.Low[index]);

    internal static DoubleDouble Step(MassFunction p, MassFunction q, int index) => p.Low is null && q.Low is null
        ? DoubleDouble.Sum(q.Weights[index], -p.Weights[index])
        : At(q, index) - At(p, index);
}
