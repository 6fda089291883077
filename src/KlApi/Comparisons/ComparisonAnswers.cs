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

    /// <summary>What a comparison is answered as beside JSON.</summary>
    public static string[] OtherMediaTypes => [.. Forms.Skip(1).Select(form => form.MediaType), "text/plain"];

    /// <summary>The answer to a request that compared.</summary>
    public IResult Answer(HttpContext context, StoredComparison comparison, ComparisonOptions options)
    {
        context.Response.Headers.ContentLocation = $"/v1/comparisons/{comparison.Id}";
        var form = options.PerPosition ?? Accepted(context.Request);
        return form == PerPosition.None ? Report(context.Request, comparison) : Positions(comparison, form);
    }

    /// <summary>The report, or llama.cpp's table where its numbers were asked for and the client wants text.</summary>
    public IResult Report(HttpRequest request, StoredComparison comparison)
    {
        if (!WantsText(request) || LlamaReportOf(comparison) is not { } numbers) return Report(comparison);
        return new LlamaTableAnswer(comparison, numbers, files);
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

    private static LlamaReport? LlamaReportOf(StoredComparison comparison)
    {
        using var document = JsonDocument.Parse(comparison.Report);
        return document.RootElement.TryGetProperty("llamaCpp", out var numbers) ? numbers.Deserialize<LlamaReport>(Json.Options) : null;
    }

    private static bool WantsText(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted && accepted.OrderByDescending(type => type.Quality ?? 1).First() is { MediaType.Value: "text/plain" };

    /// <summary>The summary that a comparison keeps.</summary>
    public static ComparisonSummary SummaryOf(StoredComparison comparison) => JsonSerializer.Deserialize<ComparisonSummary>(comparison.Summary, Json.Options)!;
}
