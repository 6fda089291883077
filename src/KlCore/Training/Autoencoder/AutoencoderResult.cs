using System.Text.Json.Serialization;

namespace KlCore.Training.Autoencoder;

/// <summary>What an autoencoder has come to. All bounds are means over the judged rows in nats, of the columns as they were scaled.</summary>
public sealed record AutoencoderResult
{
    /// <summary>On which rows it was judged: "validation", or "training" where none were held out.</summary>
    public required string JudgedOn { get; init; }

    /// <summary>How many rows those were.</summary>
    public required int JudgedRows { get; init; }

    /// <summary>How many epochs it was trained for.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose parameters these are, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Whether early stopping ended it before the last epoch.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>E_q ln p(x | z) - KL(q(z | x) || p(z)), the evidence lower bound of ln p(x), whatever beta was.</summary>
    public required Measurement Elbo { get; init; }

    /// <summary>
    /// ln of the mean of p(x, z) / q(z | x) over several z ~ q(z | x): a lower bound that is nearer to ln p(x); its distance from elbo is how far, at least, q(z | x) is from the posterior.
    /// </summary>
    public required Measurement ImportanceWeightedBound { get; init; }

    /// <summary>Over how many z.</summary>
    public required int ImportanceSamples { get; init; }

    /// <summary>Over how many of the judged rows.</summary>
    public required int ImportanceRows { get; init; }

    /// <summary>-E_q ln p(x | z).</summary>
    public required double Reconstruction { get; init; }

    /// <summary>KL(q(z | x) || p(z)) of all latents together.</summary>
    public required double Kl { get; init; }

    /// <summary>The root of the mean squared difference between a column and its reconstruction, in the columns' own units.</summary>
    public required double RootMeanSquareError { get; init; }

    /// <summary>How many latents say something of the row.</summary>
    public required int ActiveUnits { get; init; }

    /// <summary>Every latent, the one that costs most first.</summary>
    public required IReadOnlyList<LatentSummary> Latents { get; init; }

    /// <summary>The standard deviation of gaussian noise about the decoder's outputs, in units of the scaled columns; null under bernoulli.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NoiseStandardDeviation { get; init; }

    /// <summary>How the columns were scaled.</summary>
    public required ColumnScaling Scaling { get; init; }

    /// <summary>Pixels in a line, where a row is a picture; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ImageWidth { get; init; }

    /// <summary>What the decoder makes of z drawn from the prior: rows of means, in the columns' own units.</summary>
    public required double[][] Samples { get; init; }

    /// <summary>Some judged rows beside what came back of them.</summary>
    public required IReadOnlyList<Reconstructed> Reconstructions { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One latent.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Kl">Its KL(q(z_j | x) || p(z_j)), the mean over the judged rows, in nats: what it tells of a row, at most.</param>
/// <param name="VarianceOfMean">How much its mean varies from row to row.</param>
/// <param name="IsActive">Whether that is more than 0.01.</param>
public sealed record LatentSummary(int Index, double Kl, double VarianceOfMean, bool IsActive);

/// <summary>A row and what came back of it.</summary>
/// <param name="Row">Which row of the data, from 0.</param>
/// <param name="Original">As it is.</param>
/// <param name="Back">What the decoder makes of the mean of its z.</param>
public sealed record Reconstructed(int Row, double[] Original, double[] Back);
