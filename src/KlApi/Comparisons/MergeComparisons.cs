using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlApi.Host;
using KlCore;
using KlCore.Logits.Reports;

namespace KlApi.Comparisons;

/// <summary>A part of a comparison: the id of one that is kept here, or the summary of one that was made anywhere.</summary>
/// <param name="Id">The id.</param>
/// <param name="Summary">The summary.</param>
[JsonConverter(typeof(ReportPartConverter))]
internal sealed record ReportPart(string? Id, ComparisonSummary? Summary);

/// <summary>A text is an id, an object a summary.</summary>
internal sealed class ReportPartConverter : JsonConverter<ReportPart>
{
    public override ReportPart Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new ReportPart(reader.GetString(), null),
        JsonTokenType.StartObject => new ReportPart(null, JsonSerializer.Deserialize<ComparisonSummary>(ref reader, options)),
        _ => throw new JsonException("must be the id of a comparison, or a summary"),
    };

    public override void Write(Utf8JsonWriter writer, ReportPart value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>Parts to be put together.</summary>
internal sealed record MergeRequest : IChecked
{
    private const int Most = 1000;

    /// <summary>The parts, in any order: ids of comparisons, or what <c>GET /v1/comparisons/{id}/summary</c> answered, here or elsewhere.</summary>
    public required IReadOnlyList<ReportPart> Reports { get; init; }

    /// <summary>Limits to hold the whole against, such as <c>forwardMean</c> 0.01.</summary>
    [Finite]
    public IReadOnlyDictionary<string, double>? Gate { get; init; }

    public void Check(Problems problems)
    {
        if (Reports.Count is < 1 or > Most) problems.Add("reports", $"must be 1 to {Most} parts, were {Reports.Count}");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(Reports.Count, Most); i++)
            if (Reports[i].Id is { } id && !ids.Add(id)) problems.At("reports").At(i).Add("must differ from those before it");
        KlCore.Logits.Reports.Gate.Parse(Gate ?? new Dictionary<string, double>(), problems.At("gate"));
    }
}

/// <summary><c>POST /v1/comparisons/merge</c></summary>
internal static class MergeComparisons
{
    public static void Map(RouteGroupBuilder comparisons) => comparisons.MapPost("/merge", Handle)
        .Describe(
            "Merge comparisons",
            """
            Puts the reports of parts together to the report of the whole: the same sums, to the last bit, as one pass over all rows would give; percentiles are within 0.5 % of
            themselves, and the report says so. Parts are compared anywhere with `firstRow` saying where they begin, and must not overlap; but for the last they end where a chunk does.
            The merged report is kept too, without positions of its own. The ids of the example are made up.
            """,
            404, 422, 503, 507)
        .Example(
            "Two parts",
            """{ "reports": ["01K00000000000000000000000", "01K00000000000000000000002"], "gate": { "forwardMean": 0.01 } }""",
            note: "The ids are made up: put those of your own comparisons, the `id` in their reports; or their summaries.")
        .Produces<Comparison>();

    private static async Task<IResult> Handle(Body<MergeRequest> body, HttpContext context, ComparisonTable table, ComparisonRun run, CancellationToken cancellation)
    {
        var gate = Gate.Parse(body.Value.Gate ?? new Dictionary<string, double>(), new Problems());
        var comparison = await run.Keep(() => Merge(new Summaries(body.Value.Reports, table, cancellation)), gate, cancellation);
        context.Response.Headers.ContentLocation = $"/v1/comparisons/{comparison.Id}";
        return ComparisonAnswers.Report(comparison);
    }

    private static ReportBuilder Merge(Summaries parts)
    {
        try
        {
            return ReportBuilder.Merge(parts);
        }
        catch (InvalidInputException invalid)
        {
            var problems = new Problems();
            foreach (var (pointer, messages) in invalid.Problems.ByPointer())
            {
                var at = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(problems.At("reports"), (inner, step) => inner.At(step));
                foreach (var message in messages) at.Add(message);
            }

            throw new InvalidInputException(problems);
        }
    }

    /// <summary>The summaries of all parts. One that is kept here is read each time it is wanted, on a thread that may wait, so that only one is in memory.</summary>
    private sealed class Summaries(IReadOnlyList<ReportPart> parts, ComparisonTable table, CancellationToken cancellation) : IReadOnlyList<ComparisonSummary>
    {
        public int Count => parts.Count;

        public ComparisonSummary this[int index]
        {
            get
            {
                cancellation.ThrowIfCancellationRequested();
                var (id, summary) = parts[index];
                if (summary is not null) return summary;
                var stored = table.Find(id!, cancellation).GetAwaiter().GetResult();
                return stored is null ? throw new RefusedException(404, "not-found", $"There is no comparison with the id at /reports/{index}.") : ComparisonAnswers.SummaryOf(stored);
            }
        }

        public IEnumerator<ComparisonSummary> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
