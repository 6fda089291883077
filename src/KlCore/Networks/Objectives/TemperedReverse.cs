using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Networks.Objectives;

/// <summary>
/// T^2 KL(q || p) with p = softmax(teacher / T) and q = softmax(student / T), in nats; infinite where the teacher holds something for impossible that the student does not. The
/// derivative with respect to the student's logits is T q (ln(q/p) - KL(q || p)).
/// </summary>
/// <remarks>Gu, Dong, Wei, Huang, MiniLLM: Knowledge distillation of large language models, ICLR 2024. The value is summed as in <see cref="TemperedForward"/>, with terms that do not cancel.</remarks>
internal static class TemperedReverse
{
    /// <summary>The mean over the rows, and its derivative.</summary>
    /// <param name="teacher">Logits.</param>
    /// <param name="student">Logits, as many.</param>
    /// <param name="gradient">Receives the derivative, in memory of its own.</param>
    /// <param name="temperature">T, above 0.</param>
    public static double Evaluate(Batch teacher, Batch student, Batch gradient, double temperature)
    {
        double total = 0;
        for (var i = 0; i < student.Rows; i++)
        {
            // What is forward from the student is reverse from the teacher; the derivative that comes with it is of no use here.
            var row = TemperedForward.Evaluate(new Batch(student[i], 1, student.Width), new Batch(teacher[i], 1, student.Width), new Batch(gradient[i], 1, student.Width), temperature);
            Differentiate(teacher[i], student[i], gradient[i], temperature, row / (temperature * temperature), student.Rows);
            total += row;
        }

        return total / student.Rows;
    }

    private static void Differentiate(ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, Span<float> gradient, double temperature, double divergence, int rows)
    {
        var sharpness = (float)(1 / temperature);
        var (sumP, sumQ) = (FloatSoftmax.Exponentials(teacher, [], out var top, sharpness), FloatSoftmax.Exponentials(student, [], out var peak, sharpness));
        var slope = new Slope(sharpness, top, peak, (float)Math.Log(sumQ), (float)(Math.Log(sumP / sumQ) - divergence), (float)(temperature / rows));
        FloatLoop.Run(slope, teacher, student, gradient);
    }

    /// <summary>factor q (ln(q/p) - KL), of the logits seen from the largest of each side.</summary>
    private readonly struct Slope(float sharpness, float top, float peak, float logSum, float offset, float factor) : IFloatFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x, T y) where T : struct, IFloatLanes<T>
        {
            var below = y - T.All(peak);
            var q = FloatFunctions.Exp(T.MultiplyAdd(below, T.All(sharpness), T.All(-logSum)));
            return T.All(factor) * q * T.MultiplyAdd(below - (x - T.All(top)), T.All(sharpness), T.All(offset));
        }
    }
}
