using KlApi.Host;
using KlCore;
using KlCore.Estimation;
using KlCore.Estimation.Entropies;

namespace KlApi.Samples;

/// <summary>A sample, and how to estimate the entropy of its distribution.</summary>
public sealed record SampleEntropyRequest : SamplesRequest<EntropyEstimator>
{
    /// <summary>Points drawn from p: rows of numbers, plain numbers for one dimension, or columns of a dataset.</summary>
    public required SampleInput X { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        X.Check(problems.At("x"));
    }
}

/// <summary>The part <c>request</c> of a form whose file is x.</summary>
public sealed record SampleEntropyForm : SamplesRequest<EntropyEstimator>, ISampleColumns
{
    /// <inheritdoc/>
    public IReadOnlyList<string>? Columns { get; init; }
}

/// <summary>POST /v1/samples/entropy</summary>
internal static class EstimateEntropy
{
    private const string Description =
        """
        Estimates the entropy −E ln p of a distribution from a sample x of it: differential, so that it may be negative and changes with the unit of the coordinates, unless the estimator says
        that it is one of values that repeat. Standard errors and intervals as `POST /v1/samples/divergences` has them; there is no p-value.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/entropy", Handle)
        .Describe("Entropy from a sample", Description, 400, 413, 415, 422, 503, 504, 507)
        .TakesSamples<SampleEntropyRequest, SampleEntropyForm>("x")
        .Example("numbers", """
            { "x": [1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.1, 1.1], "estimators": [ { "name": "nearest-neighbour", "k": 3 }, { "name": "vasicek" }, { "name": "gaussian" } ], "unit": "bits" }
            """);

    private static Task<SamplesAnswer<EntropyEstimator>> Handle(HttpContext context, SampleRun run) => run.Run<SampleEntropyRequest, SampleEntropyForm, SamplesAnswer<EntropyEstimator>>(
        context,
        ["x"],
        (request, read, cancellation) => Estimate(request, read(request.X, "x"), cancellation),
        (form, samples, cancellation) => Estimate(form, samples[0] ?? throw new InvalidInputException("x", "is required: a file"), cancellation));

    private static SamplesAnswer<EntropyEstimator> Estimate(SamplesRequest<EntropyEstimator> request, Points x, CancellationToken cancellation)
    {
        var problems = new Problems();
        var sample = OneSample.TryFrom(x, problems);
        problems.ThrowIfAny();
        var estimators = request.Estimators ?? sample!.Default();
        return new SamplesAnswer<EntropyEstimator>
        {
            Unit = request.Unit,
            Counts = new SampleCounts(sample!.Count),
            Dimension = sample.Dimension,
            Seed = request.Seed,
            Results = SamplesAnswer<EntropyEstimator>.Pair(estimators, sample.Estimate(estimators, request.Confidence, request.Seed, request.Unit, cancellation)),
        };
    }
}
