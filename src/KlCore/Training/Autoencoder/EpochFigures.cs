using KlCore.Formats;
using KlCore.Networks;

namespace KlCore.Training.Autoencoder;

/// <summary>What is summed up over the rows of an epoch, in doubles: reconstruction, KL of each latent, and how its mean varies.</summary>
internal sealed class EpochFigures(string name, int latents)
{
    /// <summary>A latent whose mean varies by more than this from row to row says something of the row (Burda, Grosse, Salakhutdinov, ICLR 2016).</summary>
    private const double ActiveVariance = 0.01;

    private readonly double[] _totals = new double[2 + 3 * latents];

    /// <summary>How many rows there were.</summary>
    public double Rows => _totals[0];

    /// <summary>The mean of -ln p(x | z).</summary>
    public double Reconstruction => _totals[1] / Rows;

    /// <summary>The mean KL of all latents together.</summary>
    public double Kl => Enumerable.Range(0, latents).Sum(KlOf);

    /// <summary>How many latents say something.</summary>
    public int ActiveUnits => Enumerable.Range(0, latents).Count(IsActive);

    /// <summary>The mean KL of one latent.</summary>
    public double KlOf(int latent) => _totals[2 + 3 * latent] / Rows;

    /// <summary>How much its mean varies from row to row.</summary>
    public double VarianceOf(int latent)
    {
        var (sum, squares) = (_totals[3 + 3 * latent] / Rows, _totals[4 + 3 * latent] / Rows);
        return Math.Max(0, squares - sum * sum);
    }

    /// <summary>Whether it says something.</summary>
    public bool IsActive(int latent) => VarianceOf(latent) > ActiveVariance;

    /// <summary>Adds a batch.</summary>
    /// <param name="code">The means, then the logarithms of the variances.</param>
    /// <param name="reconstruction">The mean over the batch.</param>
    public void Add(Batch code, double reconstruction)
    {
        _totals[0] += code.Rows;
        _totals[1] += code.Rows * reconstruction;
        for (var i = 0; i < code.Rows; i++)
        {
            for (var j = 0; j < latents; j++)
            {
                double mean = code[i][j];
                _totals[2 + 3 * j] += LatentDivergence.Of(mean, code[i][latents + j]);
                _totals[3 + 3 * j] += mean;
                _totals[4 + 3 * j] += mean * mean;
            }
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => Array.Clear(_totals);

    /// <summary>Its state as a tensor for a checkpoint.</summary>
    public Tensor Save() => new(name, [.. _totals]);

    /// <summary>Continues from a tensor that <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint) => checkpoint.Read(name, _totals);
}
