using KlApi.Host;
using KlCore;
using KlCore.Distributions;

namespace KlApi.Distributions;

/// <summary>A distribution and the points at which its density is wanted.</summary>
public sealed record DensityRequest : IChecked
{
    /// <summary>The distribution.</summary>
    public required Distribution Distribution { get; init; }

    /// <summary>Numbers, or rows of coordinates; finite.</summary>
    public required Points Points { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        var before = problems.Total;
        Distribution.Check(problems.At("distribution"));
        Points.Check(problems.At("points"));
        if (problems.Total > before || Points.Count == 0) return;
        if (Points.Dimension != Distribution.Dimension()) problems.Add("points", $"must have {Distribution.Dimension()} coordinates each like the distribution, had {Points.Dimension}");
    }
}

/// <summary>Log densities of points, and what else is known of the distribution.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="LogDensities">ln p of each point in nats: of the density, or of the probability of a value; "-Infinity" outside the support.</param>
/// <param name="Moments">Mean and covariance, where they are finite.</param>
/// <param name="Entropy">−E ln p in nats, differential for densities; null where it cannot be found.</param>
public sealed record DensityAnswer(Distribution Distribution, double[] LogDensities, Moments? Moments, Measurement? Entropy);

/// <summary>POST /v1/distributions/density</summary>
internal static class EvaluateDensity
{
    public const string Description =
        """
        ln p of each point under a distribution of a named family (`GET /v1/distributions`), in nats: the density's, or of integers the probability's. Outside
        the support it is "-Infinity", at a pole of a density "Infinity". With it the mean and the covariance, where they exist and are finite, and the entropy.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/density", Handle)
        .Describe("Log densities of points", Description, 400, 413, 415)
        .Example("a normal at three points", """{ "distribution": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "points": [-1, 0, 2.5] }""");

    private static async Task<DensityAnswer> Handle(Body<DensityRequest> body, Admission admission, CancellationToken cancellation) =>
        await admission.ComputeLong(() => Evaluate(body.Value, cancellation), cancellation);

    private static DensityAnswer Evaluate(DensityRequest request, CancellationToken cancellation)
    {
        var (distribution, points) = (request.Distribution, request.Points);
        return new DensityAnswer(distribution, distribution.LogDensities(points), distribution.Moments(), distribution.TryEntropy(new MeasureOptions(), Unit.Nats, cancellation));
    }
}
