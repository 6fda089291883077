using KlCore.Numerics;

namespace KlCore.Tests.Training.Autoencoder;

/// <summary>
/// Without hidden layers, and with gaussian noise, an autoencoder is probabilistic PCA: its best evidence lower bound is ln p(x) itself, whose maximum is
/// known from the eigenvalues of the covariance (Tipping and Bishop 1999; Lucas et al., Don't blame the ELBO, NeurIPS 2019).
/// </summary>
public class LinearTruthTests
{
    [Fact]
    public void Bounds_OfALinearAutoencoder_ReachTheLikelihoodOfProbabilisticPca()
    {
        // Two strong directions of variance 4 and 1 that are coordinates themselves, and noise of 0.09 in all five.
        const int Count = 1500;
        var stream = new RandomStream(12, 0, "rows");
        var rows = new double[Count][];
        double[] deviations = [2, 1, 0, 0, 0];
        for (var i = 0; i < Count; i++) rows[i] = [.. deviations.Select(deviation => deviation * stream.NextNormal() + 0.3 * stream.NextNormal())];
        var result = Autoencoders.Run(Autoencoders.Read(Autoencoders.Json(rows, """
            "encoder": [], "latentSize": 2, "reconstruction": { "name": "gaussian" }, "scaling": "none", "validationFraction": 0, "epochs": 60, "batchSize": 50,
            "optimizer": { "name": "adam", "learningRate": 0.02, "schedule": { "name": "cosine" } }
            """)));

        var expected = LikelihoodOfPca(rows, latents: 2);
        // What stochastic descent leaves, and the draws: a few hundredths of a nat of some six.
        Assert.Equal(expected, result.Elbo.Value, 0.06);
        Assert.Equal(expected, result.ImportanceWeightedBound.Value, 0.04);
        Assert.InRange(result.ImportanceWeightedBound.Value, result.Elbo.Value - 0.02, expected + 3 * result.ImportanceWeightedBound.StandardError!.Value / Math.Sqrt(1500));
        Assert.Equal(0.3, result.NoiseStandardDeviation!.Value, 0.01);
        // q(z | x) is the posterior: KL = (ln(lambda / noise)) / 2 for each direction of variance lambda.
        Assert.Equal(Math.Log(4.09 / 0.09) / 2, result.Latents[0].Kl, 0.1);
        Assert.Equal(Math.Log(1.09 / 0.09) / 2, result.Latents[1].Kl, 0.1);
        Assert.Equal(2, result.ActiveUnits);
    }

    /// <summary>-(d ln 2 pi + sum of the first ln lambda + (d - k) ln noise + d) / 2, the noise being the mean of the other eigenvalues.</summary>
    private static double LikelihoodOfPca(double[][] rows, int latents)
    {
        var d = rows[0].Length;
        var means = Enumerable.Range(0, d).Select(j => rows.Average(row => row[j])).ToArray();
        var covariance = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(d, d, (j, k) => rows.Average(row => (row[j] - means[j]) * (row[k] - means[k])));
        var eigenvalues = covariance.Evd().EigenValues.Select(value => value.Real).OrderDescending().ToArray();
        var noise = eigenvalues[latents..].Average();
        return -0.5 * (d * Math.Log(2 * Math.PI) + eigenvalues[..latents].Sum(Math.Log) + (d - latents) * Math.Log(noise) + d);
    }
}
