using KlApi.Host;
using KlApi.Storage.Logits;

namespace KlApi.Comparisons;

/// <summary><c>POST /v1/baselines/{name}/compare</c></summary>
internal static class CompareWithBaseline
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/baselines/{name}/compare", Handle)
        .Describe(
            "Compare a candidate with a baseline",
            """
            Streams the candidate's logits q against those of the baseline p, row by row, and answers the report: forward KL(p‖q), reverse KL(q‖p), Jensen–Shannon, total variation and
            Hellinger with errors and percentiles, agreement of the likeliest tokens, and perplexities where the next tokens are known. The candidate may have any of the formats of
            baselines, told by its first bytes; its rows must be as many as the baseline's. It is read and forgotten: memory does not grow with it.

            Options stand in the query. Limits such as `gate.forwardMean=0.01` give a verdict in the report, never another status. With `Accept: application/x-ndjson`, `text/csv`
            or `application/x-npy` (or `perPosition`) the answer is what each position contributed; with `compatibility=llama-cpp` and `Accept: text/plain` it is the table that
            `llama-perplexity --kl-divergence` prints. The report is kept and can be ranked or merged with others by its `id`; `Content-Location` says where it is.
            Nothing remains of a comparison that fails or whose client leaves.

            `curl --data-binary @quantised.npy -H 'Content-Type: application/octet-stream' 'http://localhost:5080/v1/baselines/base/compare?topK=1,5&gate.forwardMean=0.01'`
            """,
            400, 404, 409, 413, 415, 422, 503, 507)
        .Example("Against a baseline of two positions over three tokens", "[1.8, 1.1, 0.2]\n[0.2, 0.1, 2.5]\n", "application/x-ndjson", "The baseline must be there.")
        .Produces<Comparison>(StatusCodes.Status200OK, "application/json")
        .AlsoAnswers(ComparisonAnswers.OtherMediaTypes)
        .WithMetadata(new LogitsBody(), new QueryFields(typeof(QueryOptions)))
        .DisableRequestTimeout();

    private static async Task<IResult> Handle(
        string name, HttpContext context, BaselineTable baselines, BaselineFiles files, ComparisonRun run, ComparisonAnswers answers, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var options = QueryBody.Parse<QueryOptions>(context.Request.Query);
        LogitsBody.RequirePlausible(UploadStream.Open(context));
        var stored = await baselines.Require(name, cancellation);
        var comparison = await UploadStream.UntilStop(
            lifetime,
            async stop =>
            {
                await using var baseline = await OpenBaseline.Open(stored, files, stop);
                using var candidate = await LogitsSource.Open(context.Request.Body, options.Tensor, stop);
                return await run.Run(new Sides(baseline.Rows, candidate, baseline.Targets, stored.Baseline.Sha256) { Baseline = name }, options, stop);
            },
            cancellation);
        return answers.Answer(context, comparison, options);
    }
}
