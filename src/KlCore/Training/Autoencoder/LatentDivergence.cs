using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// KL(N(mu, sigma^2) || N(0, 1)) = (mu^2 + sigma^2 - 1 - ln sigma^2) / 2 of each latent, the reverse KL of the evidence lower bound; with v = ln sigma^2 the part
/// e^v - 1 - v is taken without cancellation, so that it is never negative. In nats.
/// </summary>
internal static class LatentDivergence
{
    /// <summary>Of one latent of one row.</summary>
    public static double Of(double mean, double logVariance) => 0.5 * (mean * mean + logVariance * logVariance * Elementary.ExpRemainder(logVariance));

    /// <summary>The mean over the rows of each latent.</summary>
    /// <param name="code">The means, then the logarithms of the variances.</param>
    /// <param name="kl">One for each latent.</param>
    public static void Means(Batch code, Span<double> kl)
    {
        kl.Clear();
        for (var i = 0; i < code.Rows; i++)
            for (var j = 0; j < kl.Length; j++) kl[j] += Of(code[i][j], code[i][kl.Length + j]) / code.Rows;
    }

    /// <summary>Adds the derivative of beta sum_j max(freeBits, KL_j): mu / rows, and (sigma^2 - 1) / (2 rows), where the latent costs more than is free.</summary>
    public static void AddGradient(Batch code, ReadOnlySpan<double> kl, double freeBits, double beta, Batch gradient)
    {
        var scale = beta / code.Rows;
        for (var i = 0; i < code.Rows; i++)
        {
            for (var j = 0; j < kl.Length; j++)
            {
                if (kl[j] < freeBits) continue;
                gradient[i][j] += (float)(scale * code[i][j]);
                gradient[i][kl.Length + j] += (float)(0.5 * scale * Elementary.Expm1(code[i][kl.Length + j]));
            }
        }
    }
}
