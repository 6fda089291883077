using System.Runtime.InteropServices;
using KlApi.Host;
using KlApi.Storage.Logits;
using KlCore;
using Microsoft.Extensions.Options;

namespace KlApi.Comparisons;

/// <summary>Logits of both sides as numbers.</summary>
internal sealed record LogitsRequest : ComparisonOptions
{
    /// <summary>The reference's logits: a row of numbers or "-Infinity" (a masked token) per position, all of one length.</summary>
    public required double[][] P { get; init; }

    /// <summary>The model's logits: as many rows.</summary>
    public required double[][] Q { get; init; }

    /// <summary>The id of the token that follows each row, -1 where there is none.</summary>
    public IReadOnlyList<int>? Targets { get; init; }

    public override void Check(Problems problems)
    {
        base.Check(problems);
        InlineRows.Check(P, problems.At("p"));
        InlineRows.Check(Q, problems.At("q"));
    }
}

/// <summary><c>POST /v1/logits/compare</c></summary>
internal static class CompareLogits
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/logits/compare", Handle)
        .Describe(
            "Compare logits",
            """
            Compares a model's logits q with a reference's p, both in one request, and answers the report of `POST /v1/baselines/{name}/compare`: as JSON with rows of numbers and the options as fields (or in the query), or as
            `multipart/form-data` with files `p`, `q` and, if wanted, `targets`, in any of the formats of baselines, whose other fields (or the query) are the options. Files are kept
            on disk, under the quota, until they are compared, since parts of a form arrive one after the other; who has much to compare stores a baseline and streams candidates.
            Numbers in JSON are compared within the time that a request may take (504).

            `curl -F p=@base.npy -F q=@quantised.npy -F targets=@tokens.npy -F topK=1,5 http://localhost:5080/v1/logits/compare`
            """,
            400, 409, 413, 415, 422, 503, 504, 507)
        .Accepts<LogitsRequest>("application/json", "multipart/form-data")
        .Example(
            "Two positions over three tokens",
            """{ "p": [[2.0, 1.0, 0.1], [0.3, 0.2, 3.0]], "q": [[1.8, 1.1, 0.2], [0.2, "-Infinity", 2.5]], "targets": [0, 2] }""")
        .Example(
            "With limits, in bits",
            """{ "p": [[2.0, 1.0, 0.1], [0.3, 0.2, 3.0]], "q": [[1.8, 1.1, 0.2], [0.2, 0.1, 2.5]], "unit": "bits", "percentiles": [50, 99], "gate": { "forwardMean": 0.1 } }""")
        .Produces<Comparison>()
        .AlsoAnswers(ComparisonAnswers.OtherMediaTypes)
        .WithMetadata(new LogitsForm(), new QueryFields(typeof(QueryOptions)))
        .DisableRequestTimeout();

    private static async Task<IResult> Handle(
        HttpContext context, ComparisonRun run, ComparisonAnswers answers, SpooledLogits spool, IOptions<Limits> limits, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (!context.Request.HasFormContentType)
        {
            JsonBody.RequireJson(context.Request);
            var request = await JsonBody.Read(context, limits.Value.JsonBytes, json => Body<LogitsRequest>.Parse(QueryBody.Before<LogitsRequest>(context.Request.Query, json)));
            var inline = await UploadStream.UntilStop(lifetime, stop => Compare(request, run, TimeSpan.FromSeconds(limits.Value.RequestSeconds), stop), cancellation);
            return answers.Answer(context, inline, request);
        }

        var type = UploadStream.Open(context);
        if (!Form.Is(type)) throw Refusal.MediaType("Logits are compared as application/json or as the files p and q of a multipart/form-data.");
        var (stored, options) = await UploadStream.UntilStop(
            lifetime,
            stop => spool.Compare(Form.Read(type, context.Request.Body), context.Request, run, stop),
            cancellation);
        return answers.Answer(context, stored, options);
    }

    private static async Task<StoredComparison> Compare(LogitsRequest request, ComparisonRun run, TimeSpan longest, CancellationToken stop)
    {
        // All of it is here: nothing that the client does makes it last.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(longest);
        var cancellation = limit.Token;
        if (request.Targets is { } given && given.Count != request.P.Length)
            throw new NotComputableException("row-count-mismatch", $"There must be one target for each of the {request.P.Length} rows, there are {given.Count}.");
        await using var rowsP = new InlineRows(request.P);
        await using var rowsQ = new InlineRows(request.Q);
        using var p = await LogitsSource.Open(rowsP, null, cancellation);
        using var q = await LogitsSource.Open(rowsQ, null, cancellation);
        await using var targets = Targets(request.Targets);
        return await run.Run(new Sides(p, q, targets, InlineRows.Hash(request.P)) { AreInline = true }, request, cancellation);
    }

    /// <summary>Targets as they are stored: 32 bits each.</summary>
    public static MemoryStream? Targets(IReadOnlyList<int>? targets) =>
        targets is null ? null : new MemoryStream(MemoryMarshal.AsBytes<int>(targets.ToArray()).ToArray());
}
