using System.Text.Json.Serialization;
using KlCore.Charts;

namespace KlCore.Texts.Frontiers;

/// <summary>The divergence frontier between p and q and what is read off it. None of the numbers has a unit but the KL of the curve, in nats.</summary>
public sealed record MauveAnswer
{
    /// <summary>The area under the frontier, from 0 to 1 (equal). Of features the mean over the seeds.</summary>
    public required double Mauve { get; init; }

    /// <summary><c>exact</c> for histograms as they are; <c>estimate</c> for features, whose cells are found.</summary>
    public required Method Method { get; init; }

    /// <summary>MAUVE*: the same with half a count more in each cell of each side (Krichevsky and Trofimov). Absent where histograms are no counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MauveStar { get; init; }

    /// <summary>The frontier integral, from 0 (equal) to 1 (nothing in common).</summary>
    public required double FrontierIntegral { get; init; }

    /// <summary>The frontier integral with half a count more in each cell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FrontierIntegralStar { get; init; }

    /// <summary>The standard error of MAUVE: of sampling, and of the mean over clusterings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StandardError { get; init; }

    /// <summary>How much MAUVE would scatter over other samples as large, by a bootstrap of the counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SamplingError { get; init; }

    /// <summary>How much it scatters over clusterings: the standard deviation of <see cref="BySeed"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ClusteringError { get; init; }

    /// <summary>MAUVE by each of the clusterings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? BySeed { get; init; }

    /// <summary>How many cells the histograms have.</summary>
    public required int Cells { get; init; }

    /// <summary>How many coordinates features were clustered by.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Dimension { get; init; }

    /// <summary>How many there are of p and of q; absent where histograms are no counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Counts { get; init; }

    /// <summary>The frontier from r = q to r = p, its ends included; of features that of the first seed.</summary>
    public required IReadOnlyList<FrontierMixture> Curve { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The frontier as a chart: the area under it is MAUVE.</summary>
    public Chart Draw()
    {
        var points = Curve.Reverse().ToList();
        return new Chart(
            $"Divergence frontier, MAUVE {Mauve:F4}",
            new Axis("exp(-c KL(q || r)): how much of q is like p"),
            new Axis("exp(-c KL(p || r)): how much of p is in q"),
            [
                new Series("frontier", SeriesKind.Area, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]),
                new Series("equal", SeriesKind.Dashed, [0, 1, 1], [1, 1, 0]),
            ])
        {
            Description = $"The divergence frontier between p and q from mixtures r of both. The area under it is MAUVE, {Mauve:F4} of at most 1; the frontier integral is {FrontierIntegral:F4}.",
        };
    }
}
