using KlApi.Host;
using KlCore;
using KlCore.Estimation;
using KlCore.Estimation.Dependence;

namespace KlApi.Samples;

/// <summary>Pairs, and how to estimate their mutual information.</summary>
public sealed record MutualInformationRequest : SamplesRequest<MutualInformationEstimator>
{
    /// <summary>The first of each pair: rows of numbers, plain numbers, or columns of a dataset.</summary>
    public required SampleInput X { get; init; }

    /// <summary>The second of each pair, in the same order; it may have another number of coordinates.</summary>
    public required SampleInput Y { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        X.Check(problems.At("x"));
        Y.Check(problems.At("y"));
    }
}

/// <summary>The part <c>request</c> of a form whose files are x and y.</summary>
public sealed record MutualInformationForm : SamplesRequest<MutualInformationEstimator>, ISampleColumns
{
    /// <inheritdoc/>
    public IReadOnlyList<string>? Columns { get; init; }
}

/// <summary>POST /v1/samples/mutual-information</summary>
internal static class EstimateMutualInformation
{
    private const string Description =
        """
        Estimates the mutual information I(x; y) = KL(p(x, y)‖p(x)p(y)) from pairs: row i of `x` belongs to row i of `y`. Standard errors and intervals as
        `POST /v1/samples/divergences` has them; the p-value is the share of random orders of y that give as large a value, so it tests whether x and y are independent.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/mutual-information", Handle)
        .Describe("Mutual information from pairs", Description, 400, 413, 415, 422, 503, 504, 507)
        .TakesSamples<MutualInformationRequest, MutualInformationForm>("x", "y")
        .Example("numbers", """
            { "x": [1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.1, 1.1], "y": [1.1, 0.6, -0.5, 1.9, 1.3, 1.2, 0.3, 0.8], "estimators": [ { "name": "nearest-neighbour", "k": 3 }, { "name": "gaussian" } ] }
            """);

    private static Task<SamplesAnswer<MutualInformationEstimator>> Handle(HttpContext context, SampleRun run) => run.Run<MutualInformationRequest, MutualInformationForm, SamplesAnswer<MutualInformationEstimator>>(
        context,
        ["x", "y"],
        (request, read, cancellation) => Estimate(request, read(request.X, "x"), read(request.Y, "y"), cancellation),
        (form, samples, cancellation) => Estimate(
            form,
            samples[0] ?? throw new InvalidInputException("x", "is required: a file"),
            samples[1] ?? throw new InvalidInputException("y", "is required: a file"),
            cancellation));

    private static SamplesAnswer<MutualInformationEstimator> Estimate(SamplesRequest<MutualInformationEstimator> request, Points x, Points y, CancellationToken cancellation)
    {
        var problems = new Problems();
        var pairs = Pairs.TryFrom(x, y, problems);
        problems.ThrowIfAny();
        var estimators = request.Estimators ?? pairs!.Default();
        return new SamplesAnswer<MutualInformationEstimator>
        {
            Unit = request.Unit,
            Counts = new SampleCounts(pairs!.Count, pairs.Count),
            Dimension = pairs.Dimension,
            Seed = request.Seed,
            Results = SamplesAnswer<MutualInformationEstimator>.Pair(estimators, pairs.Estimate(estimators, request.Confidence, request.Seed, request.Unit, cancellation)),
        };
    }
}
