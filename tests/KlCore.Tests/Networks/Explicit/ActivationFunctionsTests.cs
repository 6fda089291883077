using KlCore.Networks;

namespace KlCore.Tests.Networks.Explicit;

/// <summary>The activations in double precision against mpmath, and those of the engine in single precision against them.</summary>
public sealed class ActivationFunctionsTests
{
    public static readonly TheoryData<Activation> Pointwise = [.. Enum.GetValues<Activation>().Where(ActivationFunctions.IsPointwise)];

    [Theory]
    [MemberData(nameof(Pointwise))]
    public void ValueAndDerivative_AlsoFarOut_AreThoseOfMpmath(Activation activation)
    {
        var golden = NetworkGolden.Read().Activations.Where(point => point.Activation == activation).ToList();
        Assert.True(golden.Count > 40);
        foreach (var point in golden)
        {
            Near(point.Value, ActivationFunctions.Value(activation, point.Z), $"{activation}({point.Z:R})");
            Near(point.Derivative, ActivationFunctions.Derivative(activation, point.Z), $"{activation}'({point.Z:R})");
        }
    }

    [Theory]
    [MemberData(nameof(Pointwise))]
    public void ValueAndDerivative_AtTheInfinities_AreLimits(Activation activation)
    {
        Assert.All((double[])[double.NegativeInfinity, double.PositiveInfinity], z =>
        {
            // By 1e6 every activation is at its limit, or as linear as it gets.
            var (near, value) = (ActivationFunctions.Value(activation, Math.CopySign(1e6, z)), ActivationFunctions.Value(activation, z));
            if (Math.Abs(near) > 1000) Assert.Equal(Math.CopySign(double.PositiveInfinity, near), value);
            else Assert.Equal(near, value);
            Assert.Equal(ActivationFunctions.Derivative(activation, Math.CopySign(1e6, z)), ActivationFunctions.Derivative(activation, z));
        });
    }

    [Fact]
    public void Derivative_AtTheCorner_IsTheOneFromTheLeft()
    {
        Assert.Equal(0, ActivationFunctions.Derivative(Activation.Relu, 0));
        Assert.Equal(0.01, ActivationFunctions.Derivative(Activation.LeakyRelu, 0));
        Assert.Equal(0.3, ActivationFunctions.Derivative(Activation.LeakyRelu, 0, 0.3));
        Assert.Equal(-0.6, ActivationFunctions.Value(Activation.LeakyRelu, -2, 0.3), 1e-16);
    }

    [Fact]
    public void Softmax_OfLogitsFarApart_SumsToOneAndLosesNothing()
    {
        var a = new double[3];
        ActivationFunctions.Apply(Activation.Softmax, [800, 0, 799], a);
        Assert.Equal(1 / (1 + Math.Exp(-1)), a[0], 1e-15);
        Assert.Equal(0, a[1]);
        Assert.Equal(1, a.Sum(), 1e-15);
        ActivationFunctions.Apply(Activation.Softmax, [-800, double.NegativeInfinity, -800], a);
        Assert.Equal([0.5, 0, 0.5], a);
    }

    /// <summary>J = diag(a) - a a^T, written out.</summary>
    [Fact]
    public void PullBack_ThroughSoftmax_IsTheJacobian()
    {
        double[] z = [0.5, -1, 2], upstream = [1, 3, -2], a = new double[3], delta = new double[3];
        ActivationFunctions.Apply(Activation.Softmax, z, a);
        ActivationFunctions.PullBack(Activation.Softmax, z, a, upstream, delta);
        for (var j = 0; j < 3; j++)
            Assert.Equal(Enumerable.Range(0, 3).Sum(k => a[j] * ((j == k ? 1 : 0) - a[k]) * upstream[k]), delta[j], 1e-15);
    }

    [Theory]
    [MemberData(nameof(Pointwise))]
    public void Engine_InSinglePrecision_AgreesToItsDigits(Activation activation)
    {
        float[] points = [-90, -20, -6, -2.5f, -1, -0.3f, -1e-4f, 0, 1e-4f, 0.3f, 1, 2.5f, 6, 20, 90];
        float[] values = new float[points.Length], slopes = new float[points.Length];
        Array.Fill(slopes, 1f);
        FloatActivation.Forward(activation, new Batch(points, 1, points.Length), new Batch(values, 1, points.Length));
        FloatActivation.Backward(activation, new Batch(points, 1, points.Length), new Batch(values, 1, points.Length), new Batch(slopes, 1, points.Length));
        for (var i = 0; i < points.Length; i++)
        {
            var (value, slope) = (ActivationFunctions.Value(activation, points[i]), ActivationFunctions.Derivative(activation, points[i]));
            Assert.Equal(value, values[i], 3e-7 * (1 + Math.Abs(value)));
            Assert.Equal(slope, slopes[i], 1e-6);
        }
    }

    [Fact]
    public void Descriptions_Name_EveryActivationOnce() => Assert.Equal(Enum.GetValues<Activation>(), ActivationDescription.All.Select(entry => entry.Activation));

    private static void Near(double expected, double found, string what) =>
        // Where a function passes through zero its digits are those of z; subnormals have fewer.
        Assert.True(Math.Abs(found - expected) <= Math.Max(8 * 2.2e-16 * Math.Abs(expected), expected is > -1e-10 and < 1e-10 && Math.Abs(expected) > 1e-20 ? 1e-16 : 1e-307), $"{what} is {expected:R}, was {found:R}");
}
