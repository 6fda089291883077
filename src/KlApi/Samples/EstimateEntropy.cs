using KlApi.Host;
using KlCore;
using KlCore.Estimation;
using KlCore.Estimation.Entropies;
using KlCore.Training;

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

/// <summary>POST /v1/samples/entropy</summary>
internal static class EstimateEntropy
{
    private const string Description =
        """
        Estimates the entropy −E ln p of a distribution from a sample x of it: differential, so that it may be negative and changes with the unit of the coordinates, unless the estimator says
        that it is one of values that repeat. Standard errors and intervals as `POST /v1/samples/divergences` has them; there is no p-value.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/entropy", Handle)
        .Describe("Entropy from a sample", Description, 400, 413, 415, 422)
        .Example("numbers", """
            { "x": [1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.1, 1.1], "estimators": [ { "name": "nearest-neighbour", "k": 3 }, { "name": "vasicek" }, { "name": "gaussian" } ], "unit": "bits" }
            """);

    private static Task<SamplesAnswer<EntropyEstimator>> Handle(Body<SampleEntropyRequest> body, ITrainingInputs inputs, Admission admission, CancellationToken cancellation) =>
        admission.ComputeLong(() => Estimate(body.Value, inputs, cancellation), cancellation);

    private static SamplesAnswer<EntropyEstimator> Estimate(SampleEntropyRequest request, ITrainingInputs inputs, CancellationToken cancellation)
    {
        var problems = new Problems();
        var sample = OneSample.TryFrom(request.X.Read("x", inputs), problems);
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
