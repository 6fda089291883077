using KlApi.Host;
using KlCore;
using KlCore.Divergences;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace KlApi.Divergences;

/// <summary>Two distributions over the same categories, or one against many.</summary>
public sealed record DivergencesRequest : ComparisonOptions, IChecked
{
    /// <summary>The reference: data, teacher, base.</summary>
    public required double[] P { get; init; }

    /// <summary>The model: student, candidate. As long as p.</summary>
    public double[]? Q { get; init; }

    /// <summary>Many models instead of one q; the answer is then that of the batch.</summary>
    public double[][]? Candidates { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (Q is null && Candidates is null) problems.Add("q", "is required, unless candidates are given instead");
        else if (Q is not null && Candidates is not null) problems.Add("q", "must not be given beside candidates");
    }
}

/// <summary>POST /v1/divergences</summary>
internal static class ComputeDivergences
{
    public const string Description =
        """
        Measures how much the model q differs from the reference p, by default KL(p‖q) (forward), KL(q‖p) (reverse), Jeffreys,
        Jensen–Shannon, total variation and Hellinger. The numbers may be probabilities, weights or counts, log-probabilities or
        logits. Every value is within rounding of the exact one for the numbers given, also for divergences of 1e-30 and logits a
        thousand apart. Where p is positive and q is 0 the KL is "Infinity", a value and not an error; 0·ln 0 is 0.
        Units: nats or bits for log-like measures, none for the others; `GET /v1/divergences` lists formulas, ranges and sources.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("", Handle)
        .Describe("Divergences between two discrete distributions", Description, 400, 413, 415, 422)
        .Example("two distributions", """{ "p": [0.1, 0.9], "q": [0.9, 0.1] }""")
        .Example("counts, smoothed, in bits", """
            { "p": [12, 0, 7, 1], "q": [10, 3, 8, 0], "input": "weights", "smoothing": { "method": "additive", "alpha": 0.5 }, "unit": "bits",
              "measures": [ { "name": "kullback-leibler" }, { "name": "jensen-shannon" } ], "include": ["contributions"] }
            """)
        .Example("logits with a masked token", """
            { "p": [2.0, 1.0, "-Infinity"], "q": [1.5, 1.5, "-Infinity"], "input": "logits", "temperature": 2,
              "measures": [ { "name": "kullback-leibler", "direction": "reverse" }, { "name": "renyi", "order": 0.5 }, { "name": "renyi", "order": "Infinity" } ] }
            """)
        .Example("a ground distance", """
            { "p": [0.5, 0.5, 0], "q": [0, 0.5, 0.5], "positions": [0, 1, 10], "measures": [ { "name": "wasserstein", "order": 1 }, { "name": "energy-distance" } ] }
            """)
        .Produces<BatchAnswer>();

    private static Results<Ok<ComparisonAnswer>, Ok<BatchAnswer>> Handle(
        Body<DivergencesRequest> body, IOptions<Limits> limits, Errors errors, HttpContext context, CancellationToken cancellation)
    {
        var request = body.Value;
        Sizes.Check(limits.Value, request.P, request.Q);
        if (request.Candidates is not { } candidates) return TypedResults.Ok(Compare(request.P, request.Q!, request, null, new Problems(), cancellation));
        Sizes.CheckBatch(limits.Value, candidates.Length);
        return TypedResults.Ok(Candidates.Compare(request.P, candidates, request, new Refusals(errors, context), cancellation));
    }

    /// <summary>Reads, checks and measures one pair; throws with every failure of it.</summary>
    /// <param name="p">The reference.</param>
    /// <param name="q">The model.</param>
    /// <param name="options">The pair's own options.</param>
    /// <param name="fallback">Those that hold for what it does not state, or null.</param>
    /// <param name="at">Where its failures go.</param>
    /// <param name="cancellation">Looked at between measures.</param>
    public static ComparisonAnswer Compare(double[] p, double[] q, ComparisonOptions options, ComparisonOptions? fallback, Problems at, CancellationToken cancellation)
    {
        var how = options.Interpretation(fallback);
        how.Check(at);
        options.CheckOptions(at);
        // With options that are not legal the numbers are still looked at, so that every failure is named at once.
        var pair = Pair.TryFrom(p, q, at.Any ? new Interpretation { Input = how.Input, Positions = how.Positions } : how, at);
        at.ThrowIfAny();
        return ComparisonAnswer.Of(pair!, options, fallback, cancellation);
    }
}

/// <summary>What one request may hold.</summary>
internal static class Sizes
{
    public static void Check(Limits limits, double[] p, double[]? q)
    {
        if (Math.Max(p.Length, q?.Length ?? 0) > limits.Categories) throw Refusal.TooLarge($"A distribution may have at most {limits.Categories} categories.");
    }

    public static void CheckBatch(Limits limits, int count)
    {
        if (count > limits.BatchPairs) throw Refusal.TooLarge($"A batch may have at most {limits.BatchPairs} pairs or candidates, had {count}.");
    }
}
