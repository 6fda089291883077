using KlCore.Networks;
using KlCore.Networks.Objectives;
using KlCore.Numerics;

namespace KlCore.Tests.Networks;

/// <summary>The fused reverse loss against its definition in doubles.</summary>
public class TemperedReverseTests
{
    [Theory]
    [InlineData(1, 10, 1.0, 3.0)]
    [InlineData(4, 10, 2.0, 3.0)]
    [InlineData(3, 37, 0.5, 1.0)]
    [InlineData(2, 200, 5.0, 30.0)]
    public void Evaluate_OfRandomLogits_IsTheDefinition(int rows, int width, double temperature, double scale)
    {
        var stream = new RandomStream(width, 0, "reverse");
        float[] Numbers() => [.. Enumerable.Range(0, rows * width).Select(_ => (float)(scale * (2 * stream.NextUniform() - 1)))];
        float[] teacher = Numbers(), student = Numbers(), gradient = new float[teacher.Length];
        var loss = TemperedReverse.Evaluate(new Batch(teacher, rows, width), new Batch(student, rows, width), new Batch(gradient, rows, width), temperature);
        double total = 0;
        for (var row = 0; row < rows; row++)
        {
            var (p, q) = (LogShares(teacher, row), LogShares(student, row));
            var divergence = Enumerable.Range(0, width).Sum(i => Math.Exp(q[i]) * (q[i] - p[i]));
            total += temperature * temperature * divergence / rows;
            for (var i = 0; i < width; i++)
            {
                var expected = temperature / rows * Math.Exp(q[i]) * (q[i] - p[i] - divergence);
                Assert.Equal(expected, gradient[row * width + i], 5e-6 * Math.Max(1, divergence));
            }
        }

        Assert.Equal(total, loss, 5e-6 * total);

        double[] LogShares(float[] logits, int row)
        {
            var z = logits.Skip(row * width).Take(width).Select(value => value / temperature).ToArray();
            var largest = z.Max();
            var sum = largest + Math.Log(z.Sum(value => Math.Exp(value - largest)));
            return [.. z.Select(value => value - sum)];
        }
    }

    [Fact]
    public void Evaluate_OfEqualSides_IsZero()
    {
        float[] logits = [1, -3, 0.5f, 7, 2];
        var gradient = new float[5];
        Assert.Equal(0, TemperedReverse.Evaluate(new Batch(logits, 1, 5), new Batch([.. logits], 1, 5), new Batch(gradient, 1, 5), 2));
        Assert.All(gradient, slope => Assert.Equal(0, slope, 1e-7));
    }

    [Fact]
    public void Evaluate_WhereTheTeacherHoldsForImpossible_IsInfinite()
    {
        var gradient = new float[3];
        Assert.Equal(
            double.PositiveInfinity,
            TemperedReverse.Evaluate(new Batch((float[])[0, 1, float.NegativeInfinity], 1, 3), new Batch((float[])[0, 1, 2], 1, 3), new Batch(gradient, 1, 3), 1));
    }
}
