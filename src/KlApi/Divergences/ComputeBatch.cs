using KlApi.Host;
using KlCore;
using Microsoft.Extensions.Options;

namespace KlApi.Divergences;

/// <summary>Many pairs, or one reference with many candidates. Options given here hold for every pair that does not state its own.</summary>
public sealed record BatchRequest : ComparisonOptions, IChecked
{
    /// <summary>The pairs, each with its own options.</summary>
    public IReadOnlyList<BatchPair>? Pairs { get; init; }

    /// <summary>One reference, with <c>candidates</c> instead of pairs.</summary>
    public double[]? P { get; init; }

    /// <summary>The models to measure against <c>p</c>.</summary>
    public double[][]? Candidates { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (Pairs is not null)
        {
            if (P is not null) problems.Add("p", "must not be given beside pairs");
            if (Candidates is not null) problems.Add("candidates", "must not be given beside pairs");
            return;
        }

        if (P is null && Candidates is null) problems.Add("pairs", "is required, unless p and candidates are given instead");
        else if (P is null) problems.Add("p", "is required with candidates");
        else if (Candidates is null) problems.Add("candidates", "is required with p");
    }
}

/// <summary>One pair of a batch.</summary>
public sealed record BatchPair : ComparisonOptions
{
    /// <summary>The reference.</summary>
    public required double[] P { get; init; }

    /// <summary>The model.</summary>
    public required double[] Q { get; init; }
}

/// <summary>POST /v1/divergences/batch</summary>
internal static class ComputeBatch
{
    private const string Description =
        """
        Measures many pairs in one request, each with its own options; options beside `pairs` hold for every pair that does not state its
        own. A pair that is not valid or not computable has `{"error": problem}` in its place and spoils no other. With `p` and
        `candidates` one reference, prepared once, is measured against each candidate. The results are in the order of the request.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/batch", Handle)
        .Describe("Many divergences at once", Description, 400, 413, 415)
        .Example("pairs", """
            { "pairs": [ { "p": [0.1, 0.9], "q": [0.9, 0.1] }, { "p": [3, 1], "q": [1, 3], "input": "weights" } ],
              "measures": [ { "name": "kullback-leibler" } ] }
            """)
        .Example("one reference, many candidates", """{ "p": [0.5, 0.3, 0.2], "candidates": [[0.4, 0.4, 0.2], [0.2, 0.3, 0.5]], "unit": "bits" }""");

    private static BatchAnswer Handle(
        Body<BatchRequest> body, IOptions<Limits> limits, Errors errors, HttpContext context, CancellationToken cancellation)
    {
        var request = body.Value;
        var refusals = new Refusals(errors, context);
        Sizes.CheckBatch(limits.Value, request.Pairs?.Count ?? request.Candidates!.Length);
        if (request.Pairs is null)
        {
            Sizes.Check(limits.Value, request.P!, null);
            return Divergences.Candidates.Compare(request.P!, request.Candidates!, request, refusals, cancellation);
        }

        var problems = new Problems();
        request.CheckOptions(problems);
        problems.ThrowIfAny();
        var results = new object[request.Pairs.Count];
        for (var i = 0; i < results.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (pair, at) = (request.Pairs[i], new Problems().At("pairs").At(i));
            results[i] = refusals.OrProblem(() =>
            {
                Sizes.Check(limits.Value, pair.P, pair.Q);
                return ComputeDivergences.Compare(pair.P, pair.Q, pair, request, at, cancellation);
            });
        }

        return new BatchAnswer(results);
    }
}
