using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Networks.Objectives;

/// <summary>
/// T^2 KL(p || q) with p = softmax(teacher / T) and q = softmax(student / T), in nats: the soft part of Hinton, Vinyals and Dean, Distilling the
/// knowledge in a neural network, 2015, where the factor T^2 takes the temperature out of the gradient's size.
/// </summary>
/// <remarks>
/// With d = ln p - ln q it is the sum of p (e^-d - 1 + d), terms that neither are negative nor cancel, and the gradient has p (e^-d - 1): a student that is
/// close to its teacher sees the true, tiny numbers.
/// </remarks>
internal static unsafe class TemperedForward
{
    /// <summary>Beyond this difference the terms do not cancel any more.</summary>
    private const float Far = 80;

    /// <summary>The mean over the rows, and its derivative with respect to the student's logits, T (q - p) / rows.</summary>
    /// <param name="teacher">Logits.</param>
    /// <param name="student">Logits, as many.</param>
    /// <param name="gradient">Receives the derivative.</param>
    /// <param name="temperature">T, above 0.</param>
    public static double Evaluate(Batch teacher, Batch student, Batch gradient, double temperature)
    {
        double total = 0;
        for (var row = 0; row < student.Rows; row++) total += Row(teacher[row], student[row], gradient[row], temperature, student.Rows);
        return temperature * temperature * total / student.Rows;
    }

    private static double Row(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, Span<float> gradient, double temperature, int rows)
    {
        var sharpness = (float)(1 / temperature);
        var sumP = FloatSoftmax.Exponentials(teacher, gradient, out var top, sharpness);
        var sumQ = FloatSoftmax.Exponentials(student, [], out var peak, sharpness);
        var terms = new Terms
        {
            Sharpness = sharpness,
            Top = top,
            Peak = peak,
            Offset = (float)Math.Log(sumQ / sumP),
            LogSum = (float)Math.Log(sumQ),
            Share = (float)(1 / sumP),
            Slope = (float)(temperature / rows),
        };
        if (FloatLanes512.IsSupported) return Sum<FloatLanes512>(teacher, student, gradient, terms);
        return FloatLanes256.IsSupported ? Sum<FloatLanes256>(teacher, student, gradient, terms) : Sum<FloatLanes32>(teacher, student, gradient, terms);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum<TLanes>(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, Span<float> gradient, Terms terms)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        fixed (float* t = teacher, s = student, g = gradient)
        {
            double sum = 0;
            var (i, count) = (0, gradient.Length);
            for (; i + TLanes.Count <= count; i += TLanes.Count)
            {
                sum += terms.Of(TLanes.Load(t + i), TLanes.Load(s + i), TLanes.Load(g + i), out var slope).Sum();
                slope.Store(g + i);
            }

            if (i == count) return sum;
            var rest = count - i;
            var term = terms.Of(TLanes.LoadFirst(t + i, rest), TLanes.LoadFirst(s + i, rest), TLanes.LoadFirst(g + i, rest), out var last);
            last.StoreFirst(g + i, rest);
            return sum + TLanes.And(TLanes.First(rest), term).Sum();
        }
    }

    /// <summary>What the terms of a row have in common.</summary>
    private struct Terms
    {
        /// <summary>1 / T.</summary>
        public float Sharpness;

        /// <summary>The largest logit of each side: the others are seen from there, where rounding does the least harm.</summary>
        public float Top, Peak;

        /// <summary>What is added to a difference of logits, so seen, over T to make ln p - ln q of it.</summary>
        public float Offset;

        /// <summary>What is subtracted from the student's logit, so seen, over T to make ln q of it.</summary>
        public float LogSum;

        /// <summary>p for an exponential of 1.</summary>
        public float Share;

        /// <summary>The gradient for q - p = 1.</summary>
        public float Slope;

        /// <summary>p (e^-d - 1 + d) of each token.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TLanes Of<TLanes>(TLanes teacher, TLanes student, TLanes exponential, out TLanes slope) where TLanes : struct, IFloatLanes<TLanes>
        {
            var p = exponential * TLanes.All(Share);
            var below = student - TLanes.All(Peak);
            var d = TLanes.MultiplyAdd(teacher - TLanes.All(Top) - below, TLanes.All(Sharpness), TLanes.All(Offset));
            var near = TLanes.Max(TLanes.All(-Far), TLanes.All(0) - TLanes.Max(TLanes.All(-Far), TLanes.All(0) - d));
            var step = p * FloatSeries.Expm1OfMinus(near, out var excess);
            var term = p * excess;
            if (TLanes.IsAnyLess(TLanes.All(Far), TLanes.Abs(d)))
            {
                var isFar = TLanes.Less(TLanes.All(Far), TLanes.Abs(d));
                var q = FloatFunctions.Exp(TLanes.MultiplyAdd(below, TLanes.All(Sharpness), TLanes.All(-LogSum)));
                step = TLanes.Select(isFar, q - p, step);
                term = TLanes.Select(isFar, TLanes.Select(TLanes.Equal(p, TLanes.All(0)), q, p * d + step), term);
            }

            slope = step * TLanes.All(Slope);
            return term;
        }
    }
}
