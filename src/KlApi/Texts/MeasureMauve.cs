using KlApi.Charts;
using KlApi.Host;
using KlCore.Texts.Frontiers;
using KlCore.Training;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Texts;

/// <summary>POST /v1/text/mauve, POST /v1/text/mauve/chart.svg</summary>
internal static class MeasureMauve
{
    private const string Description =
        """
        MAUVE, the area under the divergence frontier between texts that people wrote (p) and texts that a model wrote (q): for mixtures r = w p + (1 − w) q the points
        (exp(−c KL(q‖r)), exp(−c KL(p‖r))), joined by straight lines; 1 for equal, near 0 for nothing in common. Beside it MAUVE* (half a count more in each cell, which matters where
        cells are nearly empty), the frontier integral in closed form (0 to 1, 0 for equal; it needs no scale c), the curve, and what is seldom told: how much the number would
        differ in another sample (a bootstrap of the counts) and under another clustering (several seeds).

        `p` and `q` are histograms over the same cells, `[12, 0, 7]`, or features, one row for each text: `[[…], […]]` or `{ "dataset": id, "columns": […] }`, for example
        embeddings of any model. Features are divided by their length (`normalize`), projected onto the principal components that keep 90 % of the variance (`variance`; 1: no
        projection), and clustered together by k-means (k-means++, the best of `redos`), a tenth of the smaller side as many clusters unless `clusters` says otherwise. No model
        is run here. The same seed gives the same answer. What would take more than about 20 s of one core is refused with 413.
        Sources: Pillutla et al., NeurIPS 2021; Liu et al., "Divergence frontiers for generative models", NeurIPS 2021; Pillutla et al., JMLR 24 (2023).
        """;

    private const string Histograms = """{ "p": [30, 25, 20, 15, 10], "q": [10, 25, 20, 15, 30] }""";

    private const string Features = """
        { "p": [[1.0, 0.1], [0.9, 0.2], [0.1, 1.0], [0.2, 0.8], [1.0, 0.0]], "q": [[0.9, 0.1], [1.0, 0.2], [0.8, 0.1], [0.1, 0.9], [1.0, 0.3]], "clusters": 2, "resamples": 100, "seed": 1 }
        """;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/mauve", Measure)
            .Describe("MAUVE and the divergence frontier", Description, 400, 413, 415, 429)
            .Example("histograms", Histograms)
            .Example("features", Features);
        group.MapPost("/mauve/chart.svg", Draw)
            .Describe("A picture of the divergence frontier", "The frontier of the same request as for `/v1/text/mauve` as an SVG document; the area under it is MAUVE. It says in words what it shows.", 400, 413, 415, 429)
            .Example("histograms", Histograms)
            .Example("features", Features)
            .Produces<string>(StatusCodes.Status200OK, SvgChart.MediaType);
    }

    private static async Task<MauveAnswer> Measure(Body<Mauve> body, ITrainingInputs inputs, Admission admission, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        return await admission.ComputeLong(() => body.Value.Measure(inputs, cancellation), cancellation);
    }

    private static async Task<ContentHttpResult> Draw(Body<Mauve> body, ITrainingInputs inputs, Admission admission, CancellationToken cancellation)
    {
        var answer = await Measure(body, inputs, admission, cancellation);
        return TypedResults.Text(SvgChart.Draw(answer.Draw()), SvgChart.MediaType);
    }
}
