using System.Text.Json.Serialization;
using KlApi.Host;
using KlCore;
using KlCore.Distributions;
using KlCore.Divergences;

namespace KlApi.Distributions;

/// <summary>Two distributions and what to measure between them.</summary>
public sealed record DivergencesOfDistributions : DistributionsRequest
{
    /// <summary>What is measured; by default what is for discrete distributions.</summary>
    public IReadOnlyList<Divergence>? Measures { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Measures is { Count: 0 }) problems.Add("measures", "must have at least 1 element, had none");
        for (var i = 0; i < Measures?.Count; i++) Measures[i].Check(problems.At("measures").At(i));
    }
}

/// <summary>What was measured between p and q.</summary>
public sealed record DistributionsAnswer
{
    /// <summary>The unit of log-like measures, entropies and approximations.</summary>
    public required Unit Unit { get; init; }

    /// <summary>One result for each measure, in the order asked for.</summary>
    public required IReadOnlyList<MeasuredDivergence> Results { get; init; }

    /// <summary>The entropies of both, differential where they have densities.</summary>
    public required EntropiesOfDistributions Entropy { get; init; }

    /// <summary>Between mixtures of Gaussians: what is commonly used instead of KL(p‖q), to be seen beside its value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MixtureApproximations? Approximations { get; init; }

    /// <summary>What a reader should know about the numbers behind the results.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>The entropies of two distributions; null where one cannot be found by the method that was asked for.</summary>
/// <param name="P">−E ln p under p.</param>
/// <param name="Q">−E ln q under q.</param>
public sealed record EntropiesOfDistributions(Measurement? P, Measurement? Q);

/// <summary>One measure's value, how it was found, and how far off it may be.</summary>
/// <param name="Measure">The measure with its parameters, those included that were left out of the request.</param>
/// <param name="Value">Its value; may be infinite, is never NaN.</param>
/// <param name="Method">How it was found.</param>
/// <param name="ErrorBound">The largest absolute error, where it is not exact and a bound is known.</param>
/// <param name="StandardError">The standard error, where it is a mean over draws.</param>
public sealed record MeasuredDivergence(
    Divergence Measure,
    double Value,
    Method Method,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ErrorBound,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardError)
{
    internal static MeasuredDivergence Of(Divergence measure, Measurement measured) => new(measure, measured.Value, measured.Method, measured.ErrorBound, measured.StandardError);
}

/// <summary>POST /v1/distributions/divergences</summary>
internal static class CompareDistributions
{
    public const string Description =
        """
        Measures how much the model q differs from the reference p, both distributions of named families (`GET /v1/distributions` lists them), by default
        KL(p‖q) (forward), KL(q‖p) (reverse), Jeffreys, Jensen–Shannon, total variation and Hellinger. `method` `auto` takes the closed form where there is
        one, else quadrature (of integers summation) with an error bound, else Monte Carlo with a standard error from `samples` draws that follow from `seed`; the
        answer names what was used and nothing is switched silently. `closed-form` where there is none is 422, with the pairs that have one; of the default measures
        those that cannot be found so are left out with a warning.
        Where p gives probability to what q excludes, or q's logarithm falls faster than p's tail, the KL is "Infinity", a value and not an error.
        Between mixtures of Gaussians the value is exact to its bound in one and two dimensions, and `approximations` has what is commonly used instead of the forward KL beside it (Hershey and Olsen 2007).
        Units: nats or bits for log-like measures, none for the others; Wasserstein and energy distances are in units of x.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/divergences", Handle)
        .Describe("Divergences between named distributions", Description, 400, 413, 415, 422)
        .Example("two normals", """
            { "p": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "q": { "family": "normal", "mean": 1, "standardDeviation": 2 },
              "unit": "bits" }
            """)
        .Example("a mixture and a normal, both ways", """
            { "p": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] },
              "q": { "family": "normal", "mean": 0, "standardDeviation": 3.2 },
              "measures": [ { "name": "kullback-leibler" }, { "name": "kullback-leibler", "direction": "reverse" } ] }
            """)
        .Example("counts, by Monte Carlo", """
            { "p": { "family": "binomial", "trials": 10, "probability": 0.3 }, "q": { "family": "poisson", "rate": 3 },
              "measures": [ { "name": "kullback-leibler" } ], "method": "monte-carlo", "samples": 10000, "seed": 7 }
            """)
        .Example("other measures", """
            { "p": { "family": "gamma", "shape": 2, "rate": 1 }, "q": { "family": "log-normal", "location": 0.4, "scale": 0.8 },
              "measures": [ { "name": "renyi", "order": 0.5 }, { "name": "wasserstein", "order": 1 }, { "name": "kolmogorov-smirnov" } ] }
            """);

    private static async Task<DistributionsAnswer> Handle(Body<DivergencesOfDistributions> body, Admission admission, CancellationToken cancellation) =>
        await admission.ComputeLong(() => Compare(body.Value, cancellation), cancellation);

    private static DistributionsAnswer Compare(DivergencesOfDistributions request, CancellationToken cancellation)
    {
        var pair = request.Pair();
        var (results, warnings) = (new List<MeasuredDivergence>(), new List<string>());
        NotComputableException? first = null;
        foreach (var measure in request.Measures ?? Catalogue.Default)
        {
            try
            {
                var found = pair.Measure(measure, request, request.Unit, cancellation);
                results.Add(MeasuredDivergence.Of(measure, found));
                if (found.Warning is { } warning) warnings.Add($"{Catalogue.NameOf(measure)}: {warning}");
            }
            catch (NotComputableException refusal) when (request.Measures is null)
            {
                // Nobody asked for it by name: it is left out and said to be, unless that leaves nothing.
                first ??= refusal;
                warnings.Add($"{Catalogue.NameOf(measure)} is left out: {refusal.Message}");
            }
        }

        if (results.Count == 0) throw first!;
        return new DistributionsAnswer
        {
            Unit = request.Unit,
            Results = results,
            Entropy = new EntropiesOfDistributions(pair.P.TryEntropy(request, request.Unit, cancellation), pair.Q.TryEntropy(request, request.Unit, cancellation)),
            Approximations = MixtureApproximations.TryOf(pair)?.In(request.Unit),
            Warnings = warnings,
        };
    }
}
