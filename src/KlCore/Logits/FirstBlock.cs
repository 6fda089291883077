using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>The first pass over a part of a row, whole vectors of floats: both divergences and the largest logits.</summary>
internal static class FirstBlock
{
    /// <summary>
    /// Up to which |d| <see cref="Sum"/> is asked, which takes q's exponential from p's and from d: each is rounded by its size. Beyond it is
    /// <see cref="SumWide"/>.
    /// </summary>
    public const float Farthest = 16;

    /// <summary>The logarithm of what is 0 in floats.</summary>
    private const float Lowest = -150;

    /// <summary>For logits that are finite and not farther apart than <see cref="Farthest"/>; the sums tell where they are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FirstSums Sum<T, TP, TQ, TDifference>(ref readonly byte p, ref readonly byte q, nuint start, nuint count, Reference reference)
        where T : struct, IFloatLanes<T>
        where TP : struct, ILoader
        where TQ : struct, ILoader
        where TDifference : struct, IDifference
    {
        var (sum, difference, forward, reverse) = (T.All(0), T.All(0), T.All(0), T.All(0));
        var (largestP, largestQ, farthest) = (T.All(float.NegativeInfinity), T.All(float.NegativeInfinity), T.All(0));
        var (max, shift, rest) = (T.All(reference.MaxP), T.All(reference.Shift), T.All(reference.Rest));
        var (factor, low) = (T.All(reference.Scale.High), T.All(reference.Scale.Low));
        var (binary, binaryRest) = (T.All(reference.Scale.Binary), T.All(reference.Scale.BinaryRest));
        for (nuint i = start, end = start + count; i < end; i += (nuint)T.Count)
        {
            T x = TP.Load<T>(in p, i), y = TQ.Load<T>(in q, i);
            largestP = T.Max(x, largestP);
            largestQ = T.Max(y, largestQ);
            var d = TDifference.Of(x, y, shift, rest, factor, low);
            var a = TDifference.Of(x, max, out var error);
            var u = FloatSeries.Exp2(a, binary);
            if (typeof(TDifference) == typeof(ExactDifference)) u = T.MultiplyAdd(u, T.MultiplyAdd(error, factor, a * binaryRest), u);
            farthest = T.Max(T.Abs(d), farthest);
            var e = FloatSeries.Expm1OfMinus(d, out var excess);
            var change = u * e;
            sum += u;
            difference += change;
            forward = T.MultiplyAdd(u, excess, forward);
            // e^-d (-d - 1 + e^d) = -(excess + d e), of which the first is added below.
            reverse = T.MultiplyAdd(change, d, reverse);
        }

        var forwardSum = forward.Sum();

        return new FirstSums
        {
            P = sum.Sum(),
            Difference = difference.Sum(),
            Forward = forwardSum,
            Reverse = -(forwardSum + reverse.Sum()),
            LargestP = largestP.Largest(),
            LargestQ = largestQ.Largest(),
            Farthest = farthest.Largest(),
        };
    }

    /// <summary>For any logits but NaN and +Infinity: with an exponential for each side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FirstSums SumWide<T, TP, TQ>(ref readonly byte p, ref readonly byte q, nuint start, nuint count, Reference reference)
        where T : struct, IFloatLanes<T>
        where TP : struct, ILoader
        where TQ : struct, ILoader
    {
        var (sum, difference, forward, reverse) = (T.All(0), T.All(0), T.All(0), T.All(0));
        var (largestP, largestQ) = (T.All(float.NegativeInfinity), T.All(float.NegativeInfinity));
        var (max, shift, rest) = (T.All(reference.MaxP), T.All(reference.Shift), T.All(reference.Rest));
        var (factor, low) = (T.All(reference.Scale.High), T.All(reference.Scale.Low));
        var (binary, binaryRest) = (T.All(reference.Scale.Binary), T.All(reference.Scale.BinaryRest));
        var (maxQ, restQ, lowest) = (T.All(reference.MaxQ), T.All(reference.RestQ), T.All(Lowest / reference.Scale.High));
        var (none, onlyP, onlyQ, farthest) = (T.All(float.NegativeInfinity), T.All(0), T.All(0), T.All(0));
        for (nuint i = start, end = start + count; i < end; i += (nuint)T.Count)
        {
            T x = TP.Load<T>(in p, i), y = TQ.Load<T>(in q, i);
            largestP = T.Max(x, largestP);
            largestQ = T.Max(y, largestQ);
            var (isNotP, isNotQ) = (T.Equal(x, none), T.Equal(y, none));
            onlyP = T.Or(onlyP, T.And(isNotQ, T.Less(none, x)));
            onlyQ = T.Or(onlyQ, T.And(isNotP, T.Less(none, y)));
            var isMasked = T.Or(isNotP, isNotQ);
            var d = T.Select(isMasked, T.All(0), ExactDifference.Of(x, y, shift, rest, factor, low));
            var a = ExactDifference.Of(x, max, out var errorP);
            var b = ExactDifference.Of(y, maxQ, out var errorQ);
            var u = Weight(T.Max(lowest, a), errorP, isNotP, factor, binary, binaryRest);
            var v = Weight(T.Max(lowest, b), errorQ - restQ, isNotQ, factor, binary, binaryRest);
            var isFar = T.Or(isMasked, T.Less(T.All(1), T.Abs(d)));
            var e = FloatSeries.Expm1OfMinus(T.Select(isFar, T.All(0), d), out var excess);
            var far = v - u;
            farthest = T.Max(T.Select(isMasked, T.All(float.PositiveInfinity), T.Abs(d)), farthest);
            sum += u;
            difference += T.Select(isFar, far, u * e);
            forward += T.Select(isFar, T.MultiplyAdd(u, d, far), u * excess);
            reverse += T.Select(isFar, T.MultiplyAdd(v, d, far), u * T.MultiplyAdd(d, e, excess));
        }

        return new FirstSums
        {
            P = sum.Sum(),
            Difference = difference.Sum(),
            Forward = forward.Sum(),
            Reverse = -reverse.Sum(),
            LargestP = largestP.Largest(),
            LargestQ = largestQ.Largest(),
            Farthest = farthest.Largest(),
            IsOnlyInP = T.IsAny(onlyP),
            IsOnlyInQ = T.IsAny(onlyQ),
        };
    }

    /// <summary>e^((a + rest) scale), 0 where it is masked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Weight<T>(T a, T rest, T isMasked, T factor, T binary, T binaryRest) where T : struct, IFloatLanes<T>
    {
        var weight = FloatSeries.Exp2(a, binary);
        return T.Select(isMasked, T.All(0), T.MultiplyAdd(weight, T.MultiplyAdd(rest, factor, a * binaryRest), weight));
    }

    /// <summary>The largest logit of a part, -Infinity where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest<T, TLoader>(ref readonly byte row, nuint start, nuint count)
        where T : struct, IFloatLanes<T>
        where TLoader : struct, ILoader
    {
        var largest = T.All(float.NegativeInfinity);
        for (nuint i = start, end = start + count; i < end; i += (nuint)T.Count) largest = T.Max(TLoader.Load<T>(in row, i), largest);
        return largest.Largest();
    }
}
