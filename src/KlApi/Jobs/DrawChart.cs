using System.Text;
using KlApi.Charts;
using KlApi.Host;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary><c>GET /v1/jobs/{id}/charts/{name}.svg</c></summary>
internal static class DrawChart
{
    public static void Map(RouteGroupBuilder jobs) => jobs.MapGet("/{id}/charts/{name}.svg", Handle)
        .Describe(
            "Draw a chart of a job",
            "An SVG picture, drawn anew at each request: `loss.svg` at any time, others of the kind (for example `density.svg`) once there is something to show. 404 until then.",
            404, 503)
        .Produces<string>(StatusCodes.Status200OK, "image/svg+xml");

    private static async Task<IResult> Handle(string id, string name, JobStore store, CancellationToken cancellation)
    {
        var job = await store.Find(id, cancellation) ?? throw Refusal.NotFound("job");
        var specification = JsonText.Read<TrainingSpecification>(job.Specification!);
        if (!specification.ChartNames().Contains(name))
            throw new RefusedException(404, "not-found", $"A job of kind {job.Kind} has the charts {string.Join(", ", specification.ChartNames())}.");
        var history = ReadMetrics.Histories(await store.Metrics(job.Id, cancellation));
        // Spelled out: a plain null would become an empty result by way of the conversion from arrays.
        var result = job.Result is { } text ? Encoding.UTF8.GetBytes(text) : default(ReadOnlyMemory<byte>?);
        var chart = specification.Draw(name, history, result)
            ?? throw new RefusedException(404, "nothing-to-show", "There is nothing to show on this chart yet.");
        return Results.Text(SvgChart.Draw(chart), "image/svg+xml", Encoding.UTF8);
    }
}
