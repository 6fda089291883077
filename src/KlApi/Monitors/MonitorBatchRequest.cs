using KlCore;
using KlCore.Drift;
using KlCore.Formats;
using KlCore.Training;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Monitors;

/// <summary>A batch of rows to compare with a monitor's reference: a stored dataset, columns, or rows; one of the three.</summary>
public sealed record MonitorBatchRequest : IChecked
{
    private const int LongestLabel = 200;

    /// <summary>The id of a stored dataset.</summary>
    public string? Dataset { get; init; }

    /// <summary>The cells of each column, by name.</summary>
    public ColumnCells? Columns { get; init; }

    /// <summary>The rows, as objects of cells.</summary>
    public RowCells? Rows { get; init; }

    /// <summary>What to call it, up to 200 characters.</summary>
    public string? Label { get; init; }

    /// <summary>The time that it is of, with its offset; that of its arrival, if not given.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (new object?[] { Dataset, Columns, Rows }.Count(given => given is not null) != 1) problems.Add("must have one of the fields dataset, columns, rows");
        CheckLabel(Label, problems);
        Table()?.Check(problems);
    }

    /// <summary>Adds a problem for a label that cannot be shown.</summary>
    internal static void CheckLabel(string? label, Problems problems)
    {
        if (label is { Length: 0 or > LongestLabel }) problems.Add("label", $"must have 1 to {LongestLabel} characters, had {label.Length}");
        else if (label?.Any(char.IsControl) == true) problems.Add("label", "must not hold control characters");
    }

    /// <summary>The columns of a JSON batch.</summary>
    internal IReadOnlyList<ColumnSample> Read(ITrainingInputs inputs, long mostCells)
    {
        var problems = new Problems();
        var columns = Table()!.Read(inputs, mostCells, problems);
        problems.ThrowIfAny();
        return columns;
    }

    /// <summary>The columns of a batch that came as CSV.</summary>
    internal static IReadOnlyList<ColumnSample> ReadCsv(ReadOnlySpan<byte> csv)
    {
        var first = new CsvReader();
        first.Append(csv);
        var table = new TableColumns(first.Complete().Columns);
        var second = new CsvReader { Numbers = (_, column, value) => table.Number(column, value), Texts = (_, column, utf8) => table.Text(column, utf8) };
        second.Append(csv);
        _ = second.Complete();
        return table.Samples;
    }

    private TableInput? Table() =>
        Dataset is not null ? new StoredTable { Dataset = Dataset } : Columns is not null ? new InlineColumns { Columns = Columns } : Rows is not null ? new InlineRows { Rows = Rows } : null;
}

/// <summary>Marks the operation that takes a batch, for the document.</summary>
internal sealed record BatchBody;

/// <summary>Describes the body of a batch: JSON or CSV. The handler itself reads it.</summary>
internal sealed class BatchBodyFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<BatchBody>().Any()) return;
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(MonitorBatchRequest), context.SchemaRepository) },
                ["text/csv"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
    }
}
