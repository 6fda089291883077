using System.ComponentModel.DataAnnotations;
using KlCore.Divergences;
using KlCore.Estimation;
using KlCore.Training;

namespace KlCore.Texts.Frontiers;

/// <summary>
/// MAUVE: the area under the divergence frontier between p and q, from 0 to 1, where 1 says that they are equal. p and q are histograms over the same cells (plain
/// numbers), or features of texts (rows of numbers, or a dataset), whose cells are found by clustering the features of both together.
/// </summary>
/// <remarks>K. Pillutla et al., "MAUVE: measuring the gap between neural text and human text using divergence frontiers", NeurIPS 2021, and "MAUVE scores for generative models", JMLR 24 (2023).</remarks>
public sealed record Mauve : IChecked
{
    private const int MostClusters = 10_000;

    /// <summary>The reference: texts that people wrote.</summary>
    public required SampleInput P { get; init; }

    /// <summary>The model: texts that it wrote.</summary>
    public required SampleInput Q { get; init; }

    /// <summary>How many cells features are clustered into; unless stated a tenth of the smaller side, at least 2.</summary>
    [Range(2, MostClusters)]
    public int? Clusters { get; init; }

    /// <summary>How many clusterings are made, each from a seed of its own; their mean is the value, their scatter part of its error.</summary>
    [Range(1, 100)]
    public int Seeds { get; init; } = 3;

    /// <summary>How many beginnings a clustering has, of which the best counts.</summary>
    [Range(1, 100)]
    public int Redos { get; init; } = 5;

    /// <summary>How many steps each takes at most.</summary>
    [Range(1, 10_000)]
    public int Iterations { get; init; } = 500;

    /// <summary>Whether each row of features is divided by its length first.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>The share of the variance that is kept of features, by their principal components; 1 for all of it.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Variance { get; init; } = 0.9;

    /// <summary>What divergences are multiplied by before they become coordinates of the curve, exp(-scale KL).</summary>
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 5;

    /// <summary>How many mixtures of p and q the curve has between its ends.</summary>
    [Range(2, 1000)]
    public int Points { get; init; } = 25;

    /// <summary>How many times the counts are drawn anew for the error; unless stated 200 where that takes no more than a few seconds, else none.</summary>
    [Range(0, 10_000)]
    public int? Resamples { get; init; }

    /// <summary>Addresses every random number: the same seed, the same answer.</summary>
    [Range(0L, 9007199254740991L)]
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        P.Check(problems.At("p"));
        Q.Check(problems.At("q"));
        if (problems.Any) return;
        if (IsHistogram(P) != IsHistogram(Q)) problems.Add("q", $"must be {(IsHistogram(P) ? "a histogram, plain numbers," : "features, rows of numbers or a dataset,")} like p");
        else if (IsHistogram(P) && Clusters is not null) problems.Add("clusters", "must not be given with histograms, whose cells are known");
    }

    /// <summary>Finds the frontier and its area.</summary>
    /// <param name="inputs">Where datasets are.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="InvalidInputException">The sides do not fit together.</exception>
    /// <exception cref="TooCostlyException">It would take too long.</exception>
    public MauveAnswer Measure(ITrainingInputs inputs, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        return IsHistogram(P) ? OfHistograms(cancellation) : FeatureFrontier.Measure(this, Read(P, "p", inputs), Read(Q, "q", inputs), cancellation);
    }

    private static bool IsHistogram(SampleInput side) => side is InlineSample { Points.IsPlain: true };

    private static Points Read(SampleInput side, string member, ITrainingInputs inputs) => side.Read(member, inputs);

    private MauveAnswer OfHistograms(CancellationToken cancellation)
    {
        double[] p = [.. ((InlineSample)P).Points.Coordinates], q = [.. ((InlineSample)Q).Points.Coordinates];
        _ = Pair.From(p, q, new Interpretation { Input = InputKind.Weights });
        var frontier = new CountFrontier(this, p, q);
        var sampling = frontier.SamplingError(cancellation, out var warnings);
        return new MauveAnswer
        {
            Mauve = frontier.Frontier.Area,
            Method = Method.Exact,
            MauveStar = frontier.Star?.Area,
            FrontierIntegral = frontier.Integral,
            FrontierIntegralStar = frontier.StarIntegral,
            StandardError = sampling,
            SamplingError = sampling,
            Cells = p.Length,
            Counts = frontier.AreCounts ? [p.Sum(), q.Sum()] : null,
            Curve = frontier.Frontier.Curve,
            Warnings = warnings,
        };
    }
}
