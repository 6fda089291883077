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
/// <param name="Unit">The unit of log-like measures.</param>
/// <param name="Results">One result for each measure, in the order asked for.</param>
/// <param name="Warnings">What a reader should know about the numbers behind the results.</param>
/// <param name="Approximations">Between mixtures of Gaussians: what is commonly used in place of KL(p‖q), in nats whatever the unit is.</param>
public sealed record DistributionsAnswer(
    Unit Unit,
    IReadOnlyList<MeasuredDivergence> Results,
    IReadOnlyList<string> Warnings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MixtureApproximations? Approximations);

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
        answer names what was used and nothing is switched silently. `closed-form` where there is none is 422, with the pairs that have one.
        Where p gives probability to what q excludes, or q's logarithm falls faster than p's tail, the KL is "Infinity", a value and not an error.
        Between mixtures of Gaussians the answer is exact to its bound in one and two dimensions, and `approximations` has the six of Hershey and Olsen (2007) beside it.
        Units: nats or bits for log-like measures, none for the others; Wasserstein and energy distances are in units of x.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/divergences", Handle)
        .Describe("Divergences between named distributions", Description, 400, 413, 415, 422)
        .Example("two normals", """
            { "p": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "q": { "family": "normal", "mean": 1, "standardDeviation": 2 },
              "measures": [ { "name": "kullback-leibler" } ] }
            """);

    private static DistributionsAnswer Handle(Body<DivergencesOfDistributions> body, CancellationToken cancellation)
    {
        var request = body.Value;
        var pair = request.Pair();
        var measures = request.Measures ?? Catalogue.Default;
        var measured = measures.Select(measure => pair.Measure(measure, request, request.Unit, cancellation)).ToArray();
        string[] warnings = [.. measured.Zip(measures, (found, measure) => found.Warning is { } warning ? $"{Catalogue.NameOf(measure)}: {warning}" : null).OfType<string>()];
        return new DistributionsAnswer(request.Unit, [.. measures.Zip(measured, MeasuredDivergence.Of)], warnings, MixtureApproximations.TryOf(pair));
    }
}
