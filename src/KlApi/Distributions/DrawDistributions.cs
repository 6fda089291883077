using KlApi.Charts;
using KlApi.Host;
using KlCore.Distributions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Distributions;

/// <summary>Two distributions that are to be drawn.</summary>
public sealed record PictureOfDistributions : DistributionsRequest;

/// <summary>POST /v1/distributions/chart.svg</summary>
internal static class DrawDistributions
{
    public const string Description =
        """
        Draws two distributions of a single number, given as for `/v1/distributions/divergences`, as one SVG document: their densities (of integers the
        probabilities) and p ln(p/q), whose integral is KL(p‖q). More dimensions have no picture: 422. The document says in words what it shows.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/chart.svg", Handle)
        .Describe("A picture of two named distributions", Description, 400, 413, 415, 422)
        .Example("two densities", """{ "p": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "q": { "family": "student-t", "degreesOfFreedom": 3, "location": 0, "scale": 1 } }""")
        .Example("two laws of counts", """{ "p": { "family": "binomial", "trials": 10, "probability": 0.3 }, "q": { "family": "poisson", "rate": 3 } }""")
        .Produces<string>(StatusCodes.Status200OK, SvgChart.MediaType);

    private static async Task<ContentHttpResult> Handle(Body<PictureOfDistributions> body, Admission admission, CancellationToken cancellation) =>
        TypedResults.Text(await admission.ComputeLong(() => SvgChart.Draw(DensityDrawing.Draw(body.Value.Pair(), body.Value.Unit)), cancellation), SvgChart.MediaType);
}
