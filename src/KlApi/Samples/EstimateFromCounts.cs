using KlApi.Host;
using KlCore.Estimation.Counts;
using Microsoft.Extensions.Options;

namespace KlApi.Samples;

/// <summary>POST /v1/samples/counts</summary>
internal static class EstimateFromCounts
{
    private const double Doubtful = 0.05;

    private const string Description =
        """
        Entropies and KL divergences from counts of categories, with the corrections for what too few observations do to them: an entropy looks too small
        and a divergence too large. Each correction that is asked for gives an entropy with its standard error and interval; with counts `q` of a second sample
        (or known `probabilities`) those that have one give KL(p‖q) and KL(q‖p), and the G-test and Pearson's test say whether there is a difference at all.

        Corrections (counts n with sum N, K categories of which S were seen): `none`, the plug-in; `miller-madow`, plus (S−1)/2N; `grassberger`, that of 2003 with
        G(n) = ψ(n) + ½(−1)ⁿ[ψ((n+1)/2) − ψ(n/2)]; `chao-shen`; `james-stein` (Hausser and Strimmer); `dirichlet` with `a`, or a `prior` laplace (1),
        jeffreys (½), perks (1/K), minimax (√N/K); `zhang`; `chao-wang-jost`; `nsb` (Nemenman, Shafee and Bialek, integrated over every β with an error bound);
        `jackknife`. Divergences have `none`, `miller-madow`, `zhang` (Zhang and Grabchak: finite where q has empty cells), `james-stein` and `dirichlet`.
        `categories` tells of categories that nobody saw, which nsb, james-stein and dirichlet reckon with.

        Standard errors: `delta` (to the leading order, one for all corrections; of nsb the posterior deviation), `jackknife` or `bootstrap`.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/counts", Handle)
        .Describe("Entropy and divergence from counts", Description, 400, 413, 415)
        .Example("an entropy", """{ "p": [4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1], "categories": 15, "unit": "bits" }""")
        .Example("two samples", """
            { "p": [10, 5, 3, 2], "q": [8, 6, 0, 0], "corrections": [ { "name": "none" }, { "name": "zhang" }, { "name": "dirichlet", "a": 0.5 } ],
              "confidence": { "level": 0.9, "method": "bootstrap", "resamples": 100 }, "seed": 1 }
            """)
        .Example("a die against its probabilities", """
            { "p": [22, 17, 20, 26, 22, 13], "probabilities": [0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666],
              "corrections": [ { "name": "miller-madow" } ] }
            """);

    private static async Task<CountsAnswer> Handle(Body<CountsRequest> body, IOptions<Limits> limits, Admission admission, CancellationToken cancellation)
    {
        var request = body.Value;
        if (request.P.Length > limits.Value.Categories) throw Refusal.TooLarge($"A sample may have at most {limits.Value.Categories} counts.");
        return await admission.ComputeLong(() => Estimate(request, cancellation), cancellation);
    }

    private static CountsAnswer Estimate(CountsRequest request, CancellationToken cancellation)
    {
        var (p, q) = request.Tables();
        var corrections = request.Corrections ?? CountCorrection.All;
        var pair = q is not null ? CountPair.Of(p, q) : request.Probabilities is { } known ? CountPair.Of(p, known) : null;
        var tests = pair is null ? null : CountTests.Of(pair);
        return new CountsAnswer
        {
            Unit = request.Unit,
            ErrorMethod = request.Confidence.Method,
            P = Sample(p, 0),
            Q = q is null ? null : Sample(q, 1),
            Forward = Divergences(pair),
            Reverse = Divergences(pair?.Reversed()),
            Tests = tests?.Tests,
            Warnings = [.. Warnings(p, "p"), .. q is null ? [] : Warnings(q, "q"), .. tests?.Warnings() ?? [], .. Near(tests, request.Confidence)],
        };

        CountedSample Sample(CountTable counts, int stream) => new(
            counts.Total, counts.Categories, counts.Observed, counts.Singletons, counts.Coverage,
            [.. corrections.Select(correction => CountEstimate.OfEntropy(counts, correction, request.Confidence, request.Seed + stream, request.Unit, cancellation))]);

        List<CountEstimate>? Divergences(CountPair? of) => of is null ? null
            : [.. corrections.Select(correction => CountEstimate.OfDivergence(of, correction, request.Confidence, request.Seed, request.Unit, cancellation)).OfType<CountEstimate>()];
    }

    private static IEnumerable<string> Warnings(CountTable counts, string name)
    {
        if (counts.Coverage < 0.8)
            yield return $"{counts.Singletons:0} of {counts.Observed:0} categories of {name} were seen only once, so about {counts.Singletons / counts.Total:P0} of its probability was not seen at all: the estimates differ by what they assume of it.";
    }

    private static IEnumerable<string> Near(CountTests? tests, CountConfidence confidence)
    {
        if (tests?.Tests[0].PValue > Doubtful && confidence.Method == CountErrorMethod.Delta)
            yield return "The G-test sees no difference. Near equal distributions a divergence is of the order 1/N and its standard error by the delta method is too small: go by the test.";
    }
}
