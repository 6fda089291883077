using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        var growth = Growth(p, q);
        if (p.Low is not null || q.Low is not null) FillExactly(p, q, growth, masses, otherMasses, difference);
        else FillFast(p, q, growth, masses, otherMasses, difference);
        Extremes? extremes = null;
        for (var i = 0; i < masses.Length; i++)
        {
            if (masses[i] < Cell.Tiny || otherMasses[i] < Cell.Tiny) Extremes.Note(ref extremes, p, q, i);
        }

        return extremes;
    }

    /// <summary>E, the sum of all differences of weights.</summary>
    public static DoubleDouble Growth(MassFunction p, MassFunction q)
    {
        ExactSum high = new(), low = new();
        for (var i = 0; i < p.Count; i++)
        {
            var step = Step(p, q, i);
            high.Add(step.Hi);
            low.Add(step.Lo);
        }

        return high.Value + low.Value;
    }

    /// <summary>A weight to 32 digits.</summary>
    public static DoubleDouble At(MassFunction side, int index) => new(side.Weights[index], side.Low is null ? 0 : side.Low[index]);

    /// <summary>e, the difference of two weights to 32 digits.</summary>
    public static DoubleDouble Step(MassFunction p, MassFunction q, int index) => p.Low is null && q.Low is null
        ? DoubleDouble.Sum(q.Weights[index], -p.Weights[index])
        : At(q, index) - At(p, index);

    private static void FillExactly(MassFunction p, MassFunction q, DoubleDouble growth, double[] masses, double[] otherMasses, double[] difference)
    {
        var (total, other, product) = (p.Divisor, q.Divisor, p.Divisor.Hi * q.Divisor.Hi);
        for (var i = 0; i < masses.Length; i++)
        {
            masses[i] = p.Weights[i] / total.Hi;
            otherMasses[i] = q.Weights[i] / other.Hi;
            difference[i] = p.IsNormalised ? (Step(p, q, i) * total - At(p, i) * growth).Hi / product : Step(p, q, i).Hi;
        }
    }

    private static void FillFast(MassFunction p, MassFunction q, DoubleDouble growth, double[] masses, double[] otherMasses, double[] difference)
    {
        var done = 0;
        if (Lanes512.IsSupported) done = FillLanes<Lanes512>(0, p, q, growth, masses, otherMasses, difference);
        else if (Lanes256.IsSupported) done = FillLanes<Lanes256>(0, p, q, growth, masses, otherMasses, difference);
        FillLanes<Lanes64>(done, p, q, growth, masses, otherMasses, difference);
    }

    /// <summary>e W - w E with every product and sum split into its value and its error. Returns how far whole lanes reach.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FillLanes<TLanes>(
        int start, MassFunction p, MassFunction q, DoubleDouble growth, double[] masses, double[] otherMasses, double[] difference)
        where TLanes : struct, ILanes<TLanes>
    {
        var (total, other) = (p.Divisor, q.Divisor);
        TLanes sum = TLanes.All(total.Hi), sumLow = TLanes.All(total.Lo), otherSum = TLanes.All(other.Hi), product = TLanes.All(total.Hi * other.Hi);
        TLanes grown = TLanes.All(growth.Hi), grownLow = TLanes.All(growth.Lo);
        ref readonly var weights = ref MemoryMarshal.GetArrayDataReference(p.Weights);
        ref readonly var others = ref MemoryMarshal.GetArrayDataReference(q.Weights);
        nuint i = (nuint)start, width = (nuint)TLanes.Count, end = (nuint)masses.Length;
        for (; i + width <= end; i += width)
        {
            TLanes w = TLanes.Load(in weights, i), v = TLanes.Load(in others, i);
            var step = Difference(v, w, out var stepLow);
            TLanes left = step * sum, right = w * grown;
            var leftLow = TLanes.ProductError(step, sum, left) + step * sumLow + stepLow * sum;
            var rightLow = TLanes.ProductError(w, grown, right) + w * grownLow;
            var high = Difference(left, right, out var low);
            ((high + (low + (leftLow - rightLow))) / product).Store(ref MemoryMarshal.GetArrayDataReference(difference), i);
            (w / sum).Store(ref MemoryMarshal.GetArrayDataReference(masses), i);
            (v / otherSum).Store(ref MemoryMarshal.GetArrayDataReference(otherMasses), i);
        }

        return (int)i;
    }

    /// <summary>a - b and its rounding error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Difference<TLanes>(TLanes a, TLanes b, out TLanes error) where TLanes : struct, ILanes<TLanes>
    {
        var difference = a - b;
        var part = difference - a;
        error = (a - (difference - part)) - (b + part);
        return difference;
    }
}
