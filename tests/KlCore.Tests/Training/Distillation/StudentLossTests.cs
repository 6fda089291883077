using System.Text.Json;
using KlCore.Networks;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.Distillation;

namespace KlCore.Tests.Training.Distillation;

public class StudentLossTests
{
    /// <summary>The whole loss, with temperature and labels, against central differences in the student's logits.</summary>
    [Theory]
    [InlineData("""{ "name": "forward-kl" }""", 2, 0)]
    [InlineData("""{ "name": "reverse-kl" }""", 3, 0.3)]
    [InlineData("""{ "name": "jensen-shannon" }""", 1, 0.5)]
    [InlineData("""{ "name": "skew-forward" }""", 2, 0)]
    [InlineData("""{ "name": "skew-reverse" }""", 2, 0.1)]
    [InlineData("""{ "name": "jeffreys" }""", 2, 0.1)]
    [InlineData("""{ "name": "mean-squared-error" }""", 4, 0.2)]
    [InlineData("""{ "name": "top-k", "k": 2, "tail": "bucket" }""", 2, 0)]
    [InlineData("""{ "name": "decoupled" }""", 2, 0)]
    [InlineData("""{ "name": "forward-kl" }""", 2, 1)]
    public void Gradient_OfTheLoss_IsThatOfDifferences(string loss, double temperature, double labelWeight)
    {
        var (specification, target) = Loss(loss, temperature, labelWeight);
        float[] outputs = [0.3f, -1, 0.8f, 1.5f, 0.2f, -0.4f];
        var gradient = new float[6];
        double measure = 0;
        target.Evaluate([0, 1], new Batch(outputs, 2, 3), new Batch(gradient, 2, 3), ref measure);
        for (var i = 0; i < 6; i++)
        {
            double At(float step)
            {
                var moved = outputs.ToArray();
                moved[i] += step;
                double ignored = 0;
                return target.Evaluate([0, 1], new Batch(moved, 2, 3), default, ref ignored);
            }

            Assert.Equal((8 * (At(0.02f) - At(-0.02f)) - (At(0.04f) - At(-0.04f))) / 0.24, gradient[i], 3e-4);
        }

        Assert.Equal(temperature, specification.Temperature);
        Assert.Equal(1, measure);
    }

    [Theory]
    [InlineData("forward-kl")]
    [InlineData("total-variation")]
    [InlineData("mean-squared-error")]
    public void Value_OfLogitsThatAreNoNumbers_IsNone(string loss)
    {
        var (_, target) = Loss($$"""{ "name": "{{loss}}" }""", 2, 0);
        double measure = 0;
        Assert.False(double.IsFinite(target.Evaluate([0], new Batch(new[] { 1, float.NaN, 0 }, 1, 3), new Batch(new float[3], 1, 3), ref measure)));
        Assert.False(double.IsFinite(target.Evaluate([0], new Batch(new[] { 1, float.PositiveInfinity, 0 }, 1, 3), new Batch(new float[3], 1, 3), ref measure)));
    }

    [Fact]
    public void Value_AtATemperature_HasHintonsFactor()
    {
        var (_, target) = Loss("""{ "name": "forward-kl" }""", 3, 0);
        float[] outputs = [0.3f, -1, 0.8f];
        double measure = 0;
        var value = target.Evaluate([0], new Batch(outputs, 1, 3), default, ref measure);
        static double[] Softmax(double[] z) => [.. z.Select(x => Math.Exp(x / 3) / z.Sum(y => Math.Exp(y / 3)))];
        var (p, q) = (Softmax([2, 0, -1]), Softmax([0.3f, -1, 0.8f]));
        Assert.Equal(9 * p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum(), value, 1e-5);
    }

    private static (DistillationSpecification Specification, StudentLoss Loss) Loss(string loss, double temperature, double labelWeight)
    {
        var specification = (DistillationSpecification)JsonSerializer.Deserialize<TrainingSpecification>($$"""
            { "kind": "distillation", "data": { "inputs": [1, 2], "labels": [2, 1] }, "teacher": { "job": "x" }, "layers": [ { "units": 3, "activation": "softmax" } ],
              "loss": {{loss}}, "temperature": {{temperature}}, "labelWeight": {{labelWeight.ToString(System.Globalization.CultureInfo.InvariantCulture)}} }
            """, Fits.Json)!;
        var teacher = new TeacherAnswers([[2, 0, -1], [0.5f, 1, 0.7f]], temperature);
        return (specification, new StudentLoss(specification, teacher, [2, 1]));
    }
}
