using KlCore.Divergences;
using KlCore.Losses;
using KlCore.Numerics;
using KlCore.Training.Distillation;

namespace KlCore.Tests.Training.Distillation;

/// <summary>The fast losses against the exact ones of <c>/v1/losses</c>, which have their own oracles.</summary>
public class RowLossTests
{
    public static TheoryData<Loss, double, double> Cases()
    {
        var data = new TheoryData<Loss, double, double>();
        Loss[] losses =
        [
            new ForwardKullbackLeibler(), new SoftCrossEntropy(), new ReverseKullbackLeibler(), new KlCore.Losses.Jeffreys(), new KlCore.Losses.TotalVariation(),
            new KlCore.Losses.JensenShannon(), new KlCore.Losses.JensenShannon { Beta = 0.1 }, new SkewForward(), new SkewForward { Lambda = 0 }, new SkewForward { Lambda = 0.9 },
            new SkewReverse(), new SkewReverse { Lambda = 0 }, new SkewReverse { Lambda = 0.7 },
        ];
        foreach (var loss in losses)
            foreach (var (temperature, distance) in new[] { (1.0, 2.0), (2.5, 2.0), (1.0, 0.01), (1.0, 30.0) }) data.Add(loss, temperature, distance);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluate_OfAnyRow_AgreesWithTheExactLoss(Loss loss, double temperature, double distance)
    {
        var stream = new RandomStream(3, 0, "rows");
        for (var trial = 0; trial < 20; trial++)
        {
            var teacher = new double[7];
            var student = new double[7];
            for (var i = 0; i < 7; i++)
            {
                teacher[i] = (float)(3 * stream.NextNormal());
                student[i] = (float)(teacher[i] + distance * stream.NextNormal());
            }

            var (p, logP) = Softmax(teacher, temperature);
            var (q, logQ) = Softmax(student, temperature);
            var (slope, expected) = (new float[7], new double[7]);
            var value = RowLoss.Evaluate(loss, p, logP, q, logQ, slope);
            var exact = loss.Evaluate(new LossRow(teacher, student, 0, new Interpretation { Input = InputKind.Logits, Temperature = temperature }), expected);
            // Floats near a logit of 30 hold it to 2e-6, of which a nearly vanished divergence keeps no digits.
            Assert.Equal(exact, value, 5e-6 * Math.Max(1, Math.Abs(exact)));
            for (var i = 0; i < 7; i++) Assert.Equal(expected[i], slope[i], 1e-5 * Math.Max(1, Math.Abs(exact)));
        }
    }

    [Fact]
    public void Evaluate_OfEqualSides_IsZeroWithoutSlope()
    {
        var (p, logP) = Softmax([0.1, -2, 3, 50], 1);
        foreach (Loss loss in new Loss[] { new ForwardKullbackLeibler(), new ReverseKullbackLeibler(), new KlCore.Losses.JensenShannon(), new SkewForward(), new SkewReverse(), new KlCore.Losses.TotalVariation() })
        {
            var slope = new float[4];
            Assert.InRange(RowLoss.Evaluate(loss, p, logP, p, logP, slope), 0, 1e-12);
            Assert.All(slope, value => Assert.InRange(value, -1e-6f, 1e-6f));
        }
    }

    private static (float[] Probabilities, float[] Logarithms) Softmax(double[] logits, double temperature)
    {
        var normaliser = Math.Log(logits.Sum(logit => Math.Exp(logit / temperature)));
        return (Array.ConvertAll(logits, logit => (float)Math.Exp(logit / temperature - normaliser)), Array.ConvertAll(logits, logit => (float)(logit / temperature - normaliser)));
    }
}
