using System.Text;
using System.Text.Json;
using KlApi.Host;
using KlCore.Logits.Reports;
using Microsoft.Net.Http.Headers;

namespace KlApi.Comparisons;

/// <summary>Answers a comparison in the form that was asked for: the report, the positions, or llama.cpp's table.</summary>
internal sealed class ComparisonAnswers(ComparisonFiles files)
{
    private static readonly (string MediaType, PerPosition Form)[] Forms =
    [
        ("application/json", PerPosition.None),
        ("application/x-ndjson", PerPosition.Ndjson),
        ("text/csv", PerPosition.Csv),
        ("application/x-npy", PerPosition.Npy),
    ];

    /// <summary>The answer to a request that compared.</summary>
    public IResult Answer(HttpContext context, StoredComparison comparison, ComparisonOptions options)
    {
        context.Response.Headers.ContentLocation = $"/v1/comparisons/{comparison.Id}";
        var form = options.PerPosition ?? Accepted(context.Request);
        return form == PerPosition.None ? Report(comparison) : Positions(comparison, form);
    }

    /// <summary>The report, to the byte as it was answered first.</summary>
    public static IResult Report(StoredComparison comparison) => Results.Text(comparison.Report, "application/json", Encoding.UTF8);

    /// <summary>What each position contributed.</summary>
    public IResult Positions(StoredComparison comparison, PerPosition form) => new PositionsAnswer(comparison, form, files);

    /// <summary>What the client likes best of what there is.</summary>
    public static PerPosition Accepted(HttpRequest request)
    {
        if (request.GetTypedHeaders().Accept is not { Count: > 0 } accepted) return PerPosition.None;
        foreach (var type in accepted.OrderByDescending(type => type.Quality ?? 1))
            foreach (var (mediaType, form) in Forms)
                if (type.IsSubsetOf(MediaTypeHeaderValue.Parse(mediaType)) || type.MatchesAllTypes) return type.MatchesAllTypes ? PerPosition.None : form;
        return PerPosition.None;
    }

    /// <summary>The summary that a comparison keeps.</summary>
    public static ComparisonSummary SummaryOf(StoredComparison comparison) => JsonSerializer.Deserialize<ComparisonSummary>(comparison.Summary, Json.Options)!;
}
