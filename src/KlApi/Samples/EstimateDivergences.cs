using KlApi.Host;
using KlCore;
using KlCore.Distributions;
using KlCore.Estimation;

namespace KlApi.Samples;

/// <summary>What a request about two samples says beside them.</summary>
public abstract record SampleDivergencesOptions : SamplesRequest<Estimator>
{
    /// <summary>The model itself, if its density is known, instead of points drawn from it.</summary>
    public Distribution? Q { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Q?.Check(problems.At("q"));
    }

    /// <summary>Adds what is said twice, or not at all, of the model.</summary>
    internal void CheckModel(bool hasY, Problems problems)
    {
        if (hasY && Q is not null) problems.Add("q", "must not be given beside y");
        if (!hasY && Q is null && Estimators?.All(estimator => estimator is MonteCarlo { Q: not null }) != true) problems.Add("y", "is required, unless the density q is given");
    }
}

/// <summary>Two samples, and how to estimate what lies between their distributions.</summary>
public sealed record SampleDivergencesRequest : SampleDivergencesOptions
{
    /// <summary>Points drawn from p, the reference: rows of numbers, plain numbers for one dimension, or columns of a dataset.</summary>
    public required SampleInput X { get; init; }

    /// <summary>Points drawn from q, the model, in as many dimensions; x and y may differ in number.</summary>
    public SampleInput? Y { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        X.Check(problems.At("x"));
        Y?.Check(problems.At("y"));
        CheckModel(Y is not null, problems);
    }
}

/// <summary>The part <c>request</c> of a form whose files are x and y.</summary>
public sealed record SampleDivergencesForm : SampleDivergencesOptions, ISampleColumns
{
    /// <inheritdoc/>
    public IReadOnlyList<string>? Columns { get; init; }
}

/// <summary>POST /v1/samples/divergences</summary>
internal static class EstimateDivergences
{
    private const string Description =
        """
        Estimates divergences KL(p‖q) and distances between two distributions of which there are samples: x from p, y from q. Each result says what it
        estimates, its standard error, an interval of the asked level (value ± so many standard errors; it knows of no bias), a p-value where there is a
        test (the share of random exchanges of points between the samples that give as large a value), and warnings about ties, too few points and
        dimension. Estimates of a divergence may be negative and are answered as found.

        Standard errors come from parts of n^(2/3) points (`subsampling`, right where repeated points break an estimator), from leaving out
        groups (`jackknife`) or from drawing with repetition (`bootstrap`), whichever suits the estimator unless `confidence.method` says otherwise.
        Of many points parts must do.
        Everything follows from `seed`, whatever the number of threads. What would take more than a few seconds is left out with a warning unless it is
        asked for; what would take more than about 25 seconds of one core is refused with 413.

        Samples are rows of numbers, plain numbers, or `{ "dataset": id, "columns": [...] }`. Large ones come as `multipart/form-data` with files `x` and `y` (`.npy` of one or two
        dimensions, `.csv`) and a part `request`, the rest as JSON; files are kept on disk, under the quota, until all of the form is there.

        `curl -F x=@x.npy -F y=@y.npy -F 'request={"estimators":[{"name":"nearest-neighbour","k":5}]}' http://localhost:5080/v1/samples/divergences`
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/divergences", Handle)
        .Describe("Divergences from samples", Description, 400, 413, 415, 422, 503, 504, 507)
        .TakesSamples<SampleDivergencesRequest, SampleDivergencesForm>("x", "y")
        .Example("two small samples", """
            { "x": [1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.1, 1.1], "y": [0.2, -1.1, 0.6, -0.4, 1.3, -0.9, 0.3, -1.8], "estimators": [ { "name": "gaussian" } ],
              "confidence": { "level": 0.95, "resamples": 8, "permutations": 99 }, "seed": 1 }
            """)
        .Example("points of the plane, four ways", """
            { "x": [[0.1, 1.2], [0.4, 0.8], [-0.3, 1.9], [1.1, 0.2], [0.9, 1.4], [-0.8, 0.6], [0.2, 0.5], [0.6, 1.7], [-0.5, 1.1], [0.3, 0.1]],
              "y": [[1.0, 0.1], [0.7, -0.6], [1.8, 0.3], [0.2, -1.1], [1.3, 0.9], [2.2, -0.4], [0.5, 0.4], [1.6, -0.9], [0.9, 0.7], [1.2, -0.2]],
              "estimators": [ { "name": "nearest-neighbour", "k": 2 }, { "name": "kernel-density", "bandwidth": "scott" }, { "name": "classifier", "features": "linear" }, { "name": "energy-distance" } ] }
            """)
        .Example("against a known density", """
            { "x": [1.2, 0.4, -0.3, 2.1, 0.9, 1.7, 0.1, 1.1], "q": { "family": "normal", "mean": 0, "standardDeviation": 1 },
              "estimators": [ { "name": "nearest-neighbour", "k": 3 }, { "name": "monte-carlo", "p": { "family": "normal", "mean": 1, "standardDeviation": 1 }, "kind": "k3" } ] }
            """);

    private static Task<SamplesAnswer<Estimator>> Handle(HttpContext context, SampleRun run) => run.Run<SampleDivergencesRequest, SampleDivergencesForm, SamplesAnswer<Estimator>>(
        context,
        ["x", "y"],
        (request, read, cancellation) => Estimate(request, read(request.X, "x"), request.Y is null ? null : read(request.Y, "y"), cancellation),
        (form, samples, cancellation) =>
        {
            var problems = new Problems();
            if (samples[0] is null) problems.Add("x", "is required: a file");
            form.CheckModel(samples[1] is not null, problems);
            problems.ThrowIfAny();
            return Estimate(form, samples[0]!, samples[1], cancellation);
        });

    private static SamplesAnswer<Estimator> Estimate(SampleDivergencesOptions options, Points x, Points? y, CancellationToken cancellation)
    {
        var problems = new Problems();
        var samples = y is null ? TwoSamples.TryFrom(x, options.Q, problems) : TwoSamples.TryFrom(x, y, problems);
        problems.ThrowIfAny();
        var estimators = options.Estimators ?? samples!.Default();
        var estimates = samples!.Estimate(estimators, options.Confidence, options.Seed, options.Unit, cancellation);
        return new SamplesAnswer<Estimator>
        {
            Unit = options.Unit,
            Direction = Direction.Forward,
            Counts = new SampleCounts(samples.CountX, y is null ? null : samples.CountY),
            Dimension = samples.Dimension,
            Seed = options.Seed,
            Results = SamplesAnswer<Estimator>.Pair(estimators, estimates),
        };
    }
}
