using System.ComponentModel;
using KlApi.Charts;
using KlApi.Host;
using KlCore;
using KlCore.Drift;
using KlCore.Training;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace KlApi.Drift;

/// <summary>POST /v1/drift/chart.svg</summary>
internal static class DrawDrift
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/chart.svg", Handle)
        .Describe(
            "A picture of one column",
            "Draws a column of both tables, given as for `/v1/drift`: the shares in common bins, or of the most frequent categories. Without `column` the first one.", 400, 413, 415, 503)
        .Example("two histograms", """
            { "reference": { "columns": { "age": [31, 45, 52, 28, 39, 61, 33, 47] } }, "current": { "columns": { "age": [25, 29, 31, 22, 35, 27, 30, 24] } } }
            """)
        .Produces<string>(StatusCodes.Status200OK, SvgChart.MediaType);

    private static async Task<ContentHttpResult> Handle(
        Body<DriftRequest> body, ITrainingInputs inputs, IOptions<Limits> limits, Admission admission,
        [Description("The column to draw; the first one if not given.")] string? column, CancellationToken cancellation) =>
        TypedResults.Text(SvgChart.Draw(await admission.ComputeLong(() => Draw(body.Value, inputs, limits.Value.DatasetNumbers, column), cancellation)), SvgChart.MediaType);

    private static KlCore.Charts.Chart Draw(DriftRequest request, ITrainingInputs inputs, long mostCells, string? name)
    {
        var (reference, current) = request.Read(inputs, mostCells);
        var then = (reference.FirstOrDefault(column => name is null || column.Profile.Name == name))?.Profile ?? throw new InvalidInputException("column", "must be a column of the reference");
        var now = current.FirstOrDefault(column => column.Name == then.Name) ?? throw new InvalidInputException("column", "must be a column of the current table, too");
        return DriftCharts.Column(then, ColumnProfile.Of(now, then.Type == ColumnKind.Numeric && !now.IsNumeric ? ColumnKind.Categorical : then.Type, isWhole: true));
    }
}
