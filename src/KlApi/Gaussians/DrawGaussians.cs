using KlApi.Charts;
using KlApi.Host;
using KlCore.Distributions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace KlApi.Gaussians;

/// <summary>POST /v1/gaussians/chart.svg</summary>
internal static class DrawGaussians
{
    public const string Description =
        """
        Draws two normal distributions, given as for `/v1/gaussians/kl`, as one SVG document: both densities in one dimension, the ellipses
        of one and of two standard deviations in two. More dimensions have no picture: 422. The document says in words what it shows.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/chart.svg", Handle)
        .Describe("A picture of two Gaussians", Description, 400, 413, 415, 422)
        .Example("two densities", """{ "p": { "mean": 0, "standardDeviation": 1 }, "q": { "mean": 1.5, "standardDeviation": 0.5 } }""")
        .Example("ellipses", """
            { "p": { "mean": [0, 0], "covariance": [[1, 0.2], [0.2, 2]] }, "q": { "mean": [1, 0], "variances": [1, 1] } }
            """)
        .Produces<string>(StatusCodes.Status200OK, SvgChart.MediaType);

    private static ContentHttpResult Handle(Body<GaussiansRequest> body, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        var pair = request.Pair(limits.Value, cancellation);
        return TypedResults.Text(SvgChart.Draw(GaussianDrawing.Draw(pair, request.Unit)), SvgChart.MediaType);
    }
}
