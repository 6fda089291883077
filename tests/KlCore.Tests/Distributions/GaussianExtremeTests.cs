using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>No legal number, however extreme, makes a NaN or a negative divergence.</summary>
public class GaussianExtremeTests
{
    private static readonly double[] Magnitudes = [5e-324, 1e-310, 1e-300, 1e-160, 1e-100, 1e-8, 1, 3, 1e8, 1e100, 1e153, 1e160, 1e300, 1.7e308];

    [Theory]
    [InlineData(1, 3000)]
    [InlineData(2, 3000)]
    [InlineData(3, 1000)]
    [InlineData(65, 20)]
    public void Compare_ExtremeNumbers_IsNeverNaNNorNegative(int d, int count)
    {
        var random = new RandomStream(d, 0, "extremes");
        for (var i = 0; i < count; i++)
        {
            var (p, q) = (Extreme(d, random), Extreme(d, random));
            GaussianComparison measured;
            try
            {
                measured = GaussianPair.From(p, q).Compare();
            }
            catch (Exception refused) when (refused is InvalidInputException or NotComputableException)
            {
                continue;
            }

            double[] values =
            [
                measured.Forward.Value, measured.Forward.Mahalanobis, measured.Forward.Trace, measured.Reverse.Value, measured.Reverse.Mahalanobis,
                measured.Reverse.Trace, measured.Jeffreys(), measured.Bhattacharyya, measured.Hellinger, measured.Wasserstein2,
                measured.ConditionNumbers.P, measured.ConditionNumbers.Q, Math.Abs(measured.Forward.LogDeterminant), Math.Abs(measured.Reverse.LogDeterminant),
            ];
            Assert.True(values.All(value => value >= 0), $"{i}: {string.Join(", ", values)} of {Say(p)} and {Say(q)}");
        }
    }

    private static string Say(Gaussian gaussian) => System.Text.Json.JsonSerializer.Serialize(gaussian);

    private static Gaussian Extreme(int d, RandomStream random)
    {
        double Magnitude() => Magnitudes[random.NextIndex(Magnitudes.Length)];
        double[] Several() => [.. Enumerable.Range(0, d).Select(_ => Magnitude())];
        var mean = new Location([.. Enumerable.Range(0, d).Select(_ => random.NextUniform() < 0.3 ? 0 : Magnitude() * (random.NextUniform() < 0.5 ? -1 : 1))]);
        var scales = Several();
        switch (random.NextIndex(3))
        {
            case 0:
                return new Gaussian { Mean = mean, Variances = scales };
            case 1:
                return new Gaussian { Mean = mean, CholeskyFactor = [.. scales.Select((scale, i) => Enumerable.Range(0, d).Select(j => j > i ? 0 : j == i ? scale : Magnitude()).ToArray())] };
            default:
                var roots = scales.Select(Math.Sqrt).ToArray();
                return new Gaussian { Mean = mean, Covariance = [.. scales.Select((scale, i) => Enumerable.Range(0, d).Select(j => i == j ? scale : 0.4 / d * roots[i] * roots[j]).ToArray())] };
        }
    }
}
