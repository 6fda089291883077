using KlCore.Losses;
using static KlCore.Tests.Losses.LossSample;

namespace KlCore.Tests.Losses;

/// <summary>Laws that hold for every loss listed.</summary>
public sealed class LossLawTests
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, All.Length)];

    [Fact]
    public void Samples_HoldEveryLossListed() =>
        Assert.Empty(LossCatalogue.All.Select(entry => entry.Type).Except(All.Select(loss => loss.GetType())));

    /// <summary>
    /// Eight-point differences of the value. Parts of the adaptive loss and of the interpolation are constants to their gradients, and ranks have kinks: these
    /// are compared with automatic differentiation.
    /// </summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Gradient_Law_IsTheDerivativeOfTheValue(int index)
    {
        var loss = All[index];
        if (loss is Adaptive or TemporalInterpolation or UniversalLogit) return;
        const double Step = 5e-3;
        double[] weights = [4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280];
        var tested = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var (teacher, student) = (Rows(seed, 1, 7, 3)[0], Rows(seed + 100, 1, 7, 3)[0]);
            foreach (var temperature in new[] { 1, 0.7, 3 })
            {
                if (loss is TotalVariation && !IsSmoothAround(teacher, student, temperature)) continue;
                tested++;
                var gradient = Gradient(loss, teacher, student, temperature)!;
                for (var j = 0; j < student.Length; j++)
                {
                    double At(double step) => Value(loss, teacher, [.. student.Select((z, i) => i == j ? z + step : z)], temperature);
                    var slope = 0.0;
                    for (var k = 1; k <= 4; k++) slope += weights[k - 1] * (At(k * Step) - At(-k * Step)) / Step;
                    Assert.True(Math.Abs(slope - gradient[j]) < 1e-11 * (1 + Math.Abs(slope) * 10), $"{loss}, seed {seed}, T {temperature}, logit {j}: {slope:R}, was {gradient[j]:R}");
                }
            }
        }

        Assert.True(tested >= 5, $"{loss}: {tested}");

        // The total variation has a kink where p and q cross, which the steps must not reach.
        static bool IsSmoothAround(double[] teacher, double[] student, double temperature) =>
            LossIdentityTests.Softmax([.. teacher.Select(t => t / temperature)]).Zip(LossIdentityTests.Softmax([.. student.Select(z => z / temperature)])).All(pair => Math.Abs(pair.First - pair.Second) > 0.006 / temperature);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Gradient_Law_SumsToZeroOverTheVocabulary(int index)
    {
        if (All[index] is MeanSquaredError) return;
        for (var seed = 0; seed < 20; seed++)
        {
            var gradient = Gradient(All[index], Rows(seed, 1, 50, 8)[0], Rows(seed + 500, 1, 50, 8)[0])!;
            Assert.InRange(gradient.Sum(), -1e-13 * (1 + gradient.Max(Math.Abs)), 1e-13 * (1 + gradient.Max(Math.Abs)));
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Value_Law_DoesNotChangeWhenLogitsAreShifted(int index)
    {
        if (All[index] is MeanSquaredError) return;
        // Quarters and a shift of a power of two: the shifted logits are exact.
        var (teacher, student) = (Quarters(Rows(1, 1, 9, 40)[0]), Quarters(Rows(2, 1, 9, 40)[0]));
        var value = Value(All[index], teacher, student);
        Assert.Equal(value, Value(All[index], [.. teacher.Select(t => t + 1024)], [.. student.Select(z => z - 512)]), 1e-12 * Math.Abs(value) + 1e-300);

        static double[] Quarters(double[] row) => [.. row.Select(x => Math.Round(4 * x) / 4)];
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Value_Law_IsNeverNegative(int index)
    {
        if (All[index] is TopK { Tail: Tail.None }) return;
        for (var seed = 0; seed < 50; seed++)
            Assert.True(Value(All[index], Rows(seed, 1, 12, seed)[0], Rows(seed + 1000, 1, 12, seed)[0]) >= 0);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Value_Law_IsZeroWithoutGradientForAPerfectStudent(int index)
    {
        var loss = All[index];
        if (loss is CrossEntropy or SoftCrossEntropy or TemporalInterpolation or DistillmSymmetric { Lambda: < 1 }) return;
        var row = Rows(3, 1, 12, 20)[0];
        Assert.Equal(0, Value(loss, row, [.. row]));
        // What is no divergence is not smallest there either.
        if (loss is TopK { K: < 12, Tail: Tail.None }) return;
        Assert.All(Gradient(loss, row, [.. row])!, slope => Assert.Equal(0, slope, 1e-16));
    }

    /// <summary>Masked on either side or both, logits of 800 and 1e4, one token alone: a number or an infinity, and a gradient just where the value is finite.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Value_Law_IsNeverNaN(int index)
    {
        const double Masked = double.NegativeInfinity;
        double[][] rows =
        [
            [1, 2, 0, -1], [Masked, 2, 0, 1], [1, Masked, 0, 1], [Masked, 1, Masked, 3], [800, -800, 0, 5], [-800, 800, 1, 2], [1e4, 0, -1e4, 1e4], [0, 0, 0, 0], [Masked, 800, -800, Masked], [-745, 0, -744, -1e4], [0, -1e4, -745, -710],
        ];
        foreach (var teacher in rows)
        {
            foreach (var student in rows)
            {
                foreach (var temperature in new[] { 0.01, 1, 100 })
                {
                    var value = Value(All[index], teacher, student, temperature);
                    var gradient = Gradient(All[index], teacher, student, temperature);
                    Assert.False(double.IsNaN(value) || double.IsNegativeInfinity(value));
                    Assert.Equal(double.IsInfinity(value), gradient is null);
                    if (gradient is not null) Assert.All(gradient, slope => Assert.True(double.IsFinite(slope), $"{All[index]} {string.Join(' ', teacher)} / {string.Join(' ', student)}: {slope}"));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Value_OneTokenVocabulary_IsZero(int index)
    {
        if (All[index] is MeanSquaredError or Decoupled) return;
        var value = LossEvaluation.Of(All[index], Batch([[3]], [[-2]], [0]), new LossOptions { Gradient = true });
        Assert.Equal(0, value.PerPosition[0]);
        Assert.Equal(0, value.Gradient!.Rows[0]![0]);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Evaluate_TemperatureSquared_ScalesValueAndGradientByIt(int index)
    {
        var batch = Batch(Rows(5, 3, 6, 3), Rows(6, 3, 6, 3), [1, -100, 2]);
        LossEvaluation With(bool scaled) => LossEvaluation.Of(All[index], batch, new LossOptions { Temperature = 4, ScaleByTemperatureSquared = scaled, Gradient = true });
        var factor = All[index] is MeanSquaredError ? 1 : 16;
        var (plain, scaled) = (With(false), With(true));
        Assert.Equal(plain.PerPosition.Select(value => factor * value), scaled.PerPosition);
        for (var i = 0; i < 3; i++) Assert.Equal(plain.Gradient!.Rows[i]!.Select(slope => factor * slope), scaled.Gradient!.Rows[i]!);
    }

    [Fact]
    public void Check_ParameterOutsideItsBounds_IsNamed()
    {
        Loss[] wrong = [new JensenShannon { Beta = -0.1 }, new JensenShannon { Beta = 1.1 }, new SkewForward { Lambda = 2 }, new SkewReverse { Lambda = double.NaN }, new Adaptive { Mu = -1 }, new Decoupled { Alpha = -1 }, new Decoupled { Beta = double.PositiveInfinity }, new TopK { K = 0 }, new DistillmSymmetric { Lambda = 2 }, new TemporalInterpolation { T = -1 }];
        foreach (var loss in wrong)
        {
            var failure = Assert.Throws<InvalidInputException>(() => Value(loss, [1, 2], [2, 1]));
            Assert.Single(failure.Problems.ByPointer());
            Assert.StartsWith("/loss/", failure.Problems.ByPointer().Keys.Single());
        }
    }
}
