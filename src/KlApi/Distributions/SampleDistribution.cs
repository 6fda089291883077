using System.ComponentModel.DataAnnotations;
using KlApi.Host;
using KlCore;
using KlCore.Distributions;
using KlCore.Numerics;
using Microsoft.Extensions.Options;

namespace KlApi.Distributions;

/// <summary>What to draw from, and how often.</summary>
public sealed record SampleRequest : IChecked
{
    /// <summary>Where the draws come from.</summary>
    public required Distribution Distribution { get; init; }

    /// <summary>How many draws.</summary>
    [Range(1, 10_000_000)]
    public required int Count { get; init; }

    /// <summary>From which the draws follow.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Distribution.Check(problems.At("distribution"));
    }
}

/// <summary>Draws from a distribution.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Seed">From which the draws follow: the same seed gives the same draws.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Dimension">How many coordinates each has.</param>
/// <param name="Samples">The draws: numbers, or rows of coordinates.</param>
public sealed record SampleAnswer(Distribution Distribution, long Seed, int Count, int Dimension, Points Samples);

/// <summary>POST /v1/distributions/sample</summary>
internal static class SampleDistribution
{
    public const string Description =
        """
        Independent draws from a distribution of a named family (`GET /v1/distributions`). The same distribution, count and seed give the same draws to the
        last bit, and a smaller count the first of them. Draws of one number are numbers, those of several coordinates rows (a matrix row by row). A draw
        beyond the largest double is "Infinity".
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/sample", Handle)
        .Describe("Draws from a named distribution", Description, 400, 413, 415)
        .Example("five draws of a normal", """{ "distribution": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "count": 5, "seed": 1 }""");

    private static async Task<SampleAnswer> Handle(Body<SampleRequest> body, IOptions<Limits> limits, Admission admission, CancellationToken cancellation)
    {
        var request = body.Value;
        var dimension = request.Distribution.Dimension();
        if ((double)request.Count * dimension > limits.Value.AnswerNumbers)
            throw Refusal.TooLarge($"An answer may hold at most {limits.Value.AnswerNumbers} numbers (limit answerNumbers of GET /v1/limits); {request.Count} draws of {dimension} are more.");
        var samples = await admission.ComputeLong(() => request.Distribution.Sample(request.Count, new RandomStream(request.Seed, 0, "sample")), cancellation);
        return new SampleAnswer(request.Distribution, request.Seed, request.Count, dimension, samples);
    }
}
