using KlCore.Networks;
using KlCore.Numerics;
using MathNet.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>The functions of networks on a fine grid against the definitions in doubles, with every width.</summary>
public class FloatFunctionTests
{
    private const double Tolerance = 1e-6;

    /// <summary>Where a float has fewer digits than usual.</summary>
    private const double Subnormal = 1.2e-38;

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>().Except([Activation.Softmax, Activation.Linear])];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation_OnAFineGrid_IsWithinAMillionthOfItself(Activation activation)
    {
        float[] z = [.. Enumerable.Range(-20_000, 40_001).Select(i => i * 1e-3f), -0f, 1e-20f, -1e-20f, 1e-6f, -1e-6f, 90, -90, 1000, -1000, 3e38f, -3e38f];
        ForAllWidths(activation, z, y =>
        {
            for (var i = 0; i < z.Length; i++) Close(Definition(activation, z[i]), y[i], $"{activation} of {z[i]:R}");
        });
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation_OfNaN_IsNaN(Activation activation) => ForAllWidths(activation, [float.NaN, 1, float.NaN], y =>
    {
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[2]));
        Assert.Equal(Definition(activation, 1), y[1], Tolerance);
    });

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activation_OfOneNumber_IsTheSameInAnyPlace(Activation activation)
    {
        float[] z = [.. Enumerable.Range(0, 37).Select(i => (i - 18) * 0.37f)], all = new float[37], one = new float[1];
        FloatActivation.Forward(activation, new Batch(z, 1, 37), new Batch(all, 1, 37));
        for (var i = 0; i < z.Length; i++)
        {
            FloatActivation.Forward(activation, new Batch([z[i]], 1, 1), new Batch(one, 1, 1));
            Assert.Equal(all[i], one[0]);
        }
    }

    [Fact]
    public void Softmax_AnyLength_IsWithinAMillionthOfItself()
    {
        var random = new Random(4);
        for (var length = 1; length <= 70; length++) Check([.. Enumerable.Range(0, length).Select(_ => (float)(20 * random.NextDouble() - 10))]);
        Check([.. Enumerable.Range(0, 32_001).Select(_ => (float)(6 * random.NextDouble()))]);
        Check([-1e30f, 3e38f, 0]);
        Check([float.NegativeInfinity, 2, 1]);
        Check([.. Enumerable.Repeat(-500f, 17)]);

        static void Check(float[] logits)
        {
            double top = logits.Max(), sum = logits.Sum(z => Math.Exp(z - top));
            float[] probabilities = new float[logits.Length], portable = new float[logits.Length], half = new float[logits.Length];
            FloatSoftmax.Probabilities(logits, probabilities);
            for (var i = 0; i < logits.Length; i++)
            {
                // A difference of floats is rounded, and e to it is off by as much.
                var rounding = Math.Abs(logits[i] - top) < 100 ? Math.Abs(logits[i] - top) * 6e-8 : 0;
                Close(Math.Exp(logits[i] - top) / sum, probabilities[i], $"probability {i} of {logits.Length}", Tolerance + rounding);
            }

            Assert.Equal(sum, FloatSoftmax.Exponentials<FloatLanes32>(logits, portable, out _), Tolerance * sum);
            if (FloatLanes256.IsSupported) Assert.Equal(sum, FloatSoftmax.Exponentials<FloatLanes256>(logits, half, out _), Tolerance * sum);
            Assert.Equal(sum, FloatSoftmax.Exponentials(logits, [], out var largest), Tolerance * sum);
            Assert.Equal(top, largest);
        }
    }

    [Fact]
    public void Softmax_OfNaN_IsNaN()
    {
        var probabilities = new float[20];
        FloatSoftmax.Probabilities([.. Enumerable.Repeat(1f, 18), float.NaN, 0], probabilities);
        Assert.All(probabilities, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void SumOfSquares_AnyLengthAndSize_IsWithinAMillionth()
    {
        var random = new Random(8);
        foreach (var length in new[] { 0, 1, 15, 16, 17, 100, 1024, 5003 })
            foreach (var scale in new[] { 1, 1e-22f, 1e25f })
            {
                float[] values = [.. Enumerable.Range(0, length).Select(_ => scale * (float)(random.NextDouble() - 0.5))];
                var expected = values.Sum(value => (double)value * value);
                Assert.Equal(expected, FloatSums.OfSquares(values), Tolerance * expected);
            }

        Assert.Equal(double.PositiveInfinity, FloatSums.OfSquares([1, float.PositiveInfinity]));
        Assert.True(double.IsNaN(FloatSums.OfSquares([1, float.NaN])));
    }

    [Fact]
    public void SumOfRows_AnyWidth_TouchesNothingElse()
    {
        foreach (var width in new[] { 1, 7, 16, 33, 64 })
        {
            float[] rows = [.. Enumerable.Range(0, 5 * width).Select(i => (float)i)], sum = [.. Enumerable.Repeat(-1f, width + 20)];
            FloatSums.OfRows(rows, width, sum);
            for (var j = 0; j < sum.Length; j++) Assert.Equal(j < width ? 5 * j + 10 * width : -1, sum[j]);
        }
    }

    private static void ForAllWidths(Activation activation, float[] z, Action<float[]> check)
    {
        var y = new float[z.Length];
        FloatActivation.Forward(activation, new Batch(z, 1, z.Length), new Batch(y, 1, z.Length));
        check(y);
        check(Portable(activation, z));
    }

    private static float[] Portable(Activation activation, float[] z)
    {
        var y = new float[z.Length];
        switch (activation)
        {
            case Activation.Relu: Run<ReluFormula>(); break;
            case Activation.LeakyRelu: Run<LeakyReluFormula>(); break;
            case Activation.Sigmoid: Run<SigmoidFormula>(); break;
            case Activation.Tanh: Run<TanhFormula>(); break;
            case Activation.Gelu: Run<GeluFormula>(); break;
            case Activation.Silu: Run<SiluFormula>(); break;
            default: Run<SoftplusFormula>(); break;
        }

        return y;

        void Run<TFormula>() where TFormula : struct, IActivationFormula => FloatLoop.Run<FloatLanes32, ForwardFormula<TFormula>>(default, z, z, y);
    }

    private static double Definition(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z < 0 ? 0.01f * z : z,
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        Activation.Tanh => Math.Tanh(z),
        Activation.Gelu => z * 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2)),
        Activation.Silu => z / (1 + Math.Exp(-z)),
        _ => Math.Max(z, 0) + double.LogP1(Math.Exp(-Math.Abs(z))),
    };

    private static void Close(double expected, float value, string what, double tolerance = Tolerance)
    {
        if (!(Math.Abs(value - expected) <= Math.Max(tolerance * Math.Abs(expected), Subnormal))) Assert.Fail($"{what} is {value:R}, must be {expected:R}");
    }
}
