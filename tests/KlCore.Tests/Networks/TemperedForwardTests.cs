using KlCore.Networks;
using KlCore.Networks.Objectives;

namespace KlCore.Tests.Networks;

/// <summary>The fused loss of distillation against its definition in doubles.</summary>
public class TemperedForwardTests
{
    [Theory]
    [InlineData(1, 10, 1.0, 3.0)]
    [InlineData(4, 10, 2.0, 3.0)]
    [InlineData(3, 37, 0.5, 1.0)]
    [InlineData(2, 200, 5.0, 30.0)]
    [InlineData(2, 1000, 1.0, 200.0)]
    public void Evaluate_RandomLogits_IsTheDefinition(int rows, int width, double temperature, double scale)
    {
        var random = new Random(width);
        Check(Numbers(), Numbers(), rows, width, temperature, 3e-6);

        float[] Numbers() => [.. Enumerable.Range(0, rows * width).Select(_ => (float)(scale * (2 * random.NextDouble() - 1)))];
    }

    [Fact]
    public void Evaluate_StudentNearTeacher_KeepsItsDigits()
    {
        // Differences of 2^-12 are exact in floats; the loss is about 1e-8 and its gradient 1e-4.
        float[] teacher = [.. Enumerable.Range(0, 30).Select(i => i % 7 * 0.25f)];
        float[] student = [.. teacher.Select((z, i) => z + (i % 3 - 1) / 4096f)];
        Check(teacher, student, 3, 10, 2, 1e-3);
        Check(teacher, teacher, 3, 10, 2, 0);
    }

    [Fact]
    public void Evaluate_StudentSaysNever_IsTheLogit()
    {
        Check([0, 0, 300], [300, 0, 0], 1, 3, 1, 1e-6);
        Check([0, 500], [500, 0], 1, 2, 2, 1e-6);
        Check([0, 0, 0, 0], [0, 0, 0, 3000], 1, 4, 1, 1e-6);
    }

    private static void Check(float[] teacher, float[] student, int rows, int width, double temperature, double tolerance)
    {
        var gradient = new float[rows * width];
        var loss = TemperedForward.Evaluate(new Batch(teacher, rows, width), new Batch(student, rows, width), new Batch(gradient, rows, width), temperature);
        double expected = 0, largest = 0;
        var slopes = new double[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var (p, q) = (LogShares(teacher, row), LogShares(student, row));
            for (var i = 0; i < width; i++)
            {
                // p (e^-d - 1 + d), by its series where it would cancel.
                var d = p[i] - q[i];
                expected += Math.Abs(d) < 1e-3 ? Math.Exp(p[i]) * d * d * (0.5 - d / 6) : Math.Exp(q[i]) - Math.Exp(p[i]) + Math.Exp(p[i]) * d;
                slopes[row * width + i] = temperature / rows * Math.Exp(p[i]) * double.ExpM1(-d);
                if (-d > 700) slopes[row * width + i] = temperature / rows * Math.Exp(q[i]);
                largest = Math.Max(largest, Math.Abs(slopes[row * width + i]));
            }
        }

        expected *= temperature * temperature / rows;
        Assert.Equal(expected, loss, tolerance * expected);
        for (var i = 0; i < gradient.Length; i++) Assert.Equal(slopes[i], gradient[i], tolerance * largest);

        double[] LogShares(float[] logits, int row)
        {
            var z = logits.Skip(row * width).Take(width).Select(value => value / temperature).ToArray();
            var top = z.Max();
            var sum = Math.Log(z.Sum(value => Math.Exp(value - top))) + top;
            return [.. z.Select(value => value - sum)];
        }
    }
}
