using KlCore.Networks;
using KlCore.Numerics;
using KlCore.Training.Autoencoder;

namespace KlCore.Tests.Training.Autoencoder;

/// <summary>What is made small and its derivative, the KL of a latent, and the bound by importance sampling.</summary>
public class AutoencoderNetworkTests
{
    [Theory]
    [InlineData("\"reconstruction\": { \"name\": \"bernoulli\" }", 1, 0)]
    [InlineData("\"reconstruction\": { \"name\": \"gaussian\" }", 0.7, 0)]
    [InlineData("\"reconstruction\": { \"name\": \"gaussian\", \"standardDeviation\": 0.5 }", 3, 0)]
    [InlineData("\"reconstruction\": { \"name\": \"bernoulli\" }", 2, 0.2)]
    public void Train_GradientOfEveryParameter_IsTheDerivativeOfTheObjective(string reconstruction, double beta, double freeBits)
    {
        const int Rows = 5;
        var specification = Autoencoders.Read(Autoencoders.Json([.. Autoencoders.Bars(Rows).Select(row => row[..6])], $$"""{{reconstruction}}, "latentSize": 3, "encoder": [ { "units": 7, "activation": "tanh" } ], "scaling": "none" """));
        var network = new AutoencoderNetwork(specification, 6, Rows);
        network.Initialize(1);
        var stream = new RandomStream(8, 0, "test");
        // Away from the start, so that the KLs of the latents lie on both sides of what is free.
        foreach (var parameter in network.Parameters.All)
            foreach (ref var value in parameter.Values) value += (float)(0.3 * stream.NextNormal());
        for (var i = 0; i < Rows; i++)
            for (var j = 0; j < 6; j++) network.Input(Rows)[i][j] = (float)specification.Data.Rows![i][j];
        foreach (ref var number in network.Noise(Rows).Values) number = (float)stream.NextNormal();
        var kl = new double[3];

        double Objective() => network.Train(Rows, beta, freeBits, new Pass(true), kl) + beta * kl.Sum(nats => Math.Max(freeBits, nats));

        Objective();
        if (freeBits > 0) Assert.Contains(kl, nats => nats < freeBits);
        Assert.Contains(kl, nats => nats > freeBits);
        var gradient = network.Parameters.Gradients.ToArray();
        const float Step = 1e-2f;
        foreach (var parameter in network.Parameters.All)
        {
            for (var i = 0; i < parameter.Length; i++)
            {
                var value = parameter.Values[i];
                double At(float x)
                {
                    parameter.Values[i] = x;
                    return Objective();
                }

                var expected = (8 * (At(value + Step) - At(value - Step)) - (At(value + 2 * Step) - At(value - 2 * Step))) / (12 * Step);
                parameter.Values[i] = value;
                Assert.True(Math.Abs(expected - gradient[parameter.Start + i]) <= 2e-3 * Math.Max(1, Math.Abs(expected)), $"{parameter.Name} {i}: {gradient[parameter.Start + i]}, by differences {expected}");
            }
        }
    }

    /// <summary>The integral of q ln(q/p) by the midpoint rule, whose error on a bell is far below the tolerance.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.5, -2)]
    [InlineData(-0.3, 1)]
    [InlineData(0.01, 0.02)]
    public void LatentDivergence_Of_IsTheIntegral(double mean, double logVariance)
    {
        var (deviation, sum) = (Math.Exp(logVariance / 2), 0.0);
        const double Width = 1e-3;
        for (var t = -12 + Width / 2; t < 12; t += Width)
        {
            var x = mean + deviation * t;
            sum += Width * Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI) * (-t * t / 2 - logVariance / 2 + x * x / 2);
        }

        Assert.Equal(sum, LatentDivergence.Of(mean, logVariance), 1e-12);
    }

    /// <summary>v - 1 - ln v for a variance v next to 1 is all rounding; the series is not.</summary>
    [Fact]
    public void LatentDivergence_NextToThePrior_IsItsTrueTinyValue()
    {
        Assert.Equal(0.25e-20, LatentDivergence.Of(0, 1e-10), 1e-30);
        Assert.Equal(0.5e-20, LatentDivergence.Of(1e-10, 0), 1e-30);
        Assert.Equal(0, LatentDivergence.Of(0, 0));
    }

    [Theory]
    [InlineData("{ \"name\": \"none\" }", new[] { 1.0, 1, 1, 1 })]
    [InlineData("{ \"name\": \"linear\", \"epochs\": 4 }", new[] { 0.0, 0.5, 1, 1 })]
    [InlineData("{ \"name\": \"cyclical\", \"cycles\": 2, \"growth\": 0.5 }", new[] { 0.0, 0.8, 0, 0.8 })]
    public void Share_OfEachAnnealing_IsItsFormula(string annealing, double[] expected)
    {
        var specification = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(4), $"\"annealing\": {annealing}"));
        // Ten epochs of ten batches.
        long[] steps = [0, 20, 50, 70];
        Assert.Equal(expected, steps.Select(step => Math.Round(specification.Annealing.Share(step, 10, 100), 12)));
    }
}
