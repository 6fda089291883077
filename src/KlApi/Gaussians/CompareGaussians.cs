using KlApi.Host;
using Microsoft.Extensions.Options;

namespace KlApi.Gaussians;

/// <summary>POST /v1/gaussians/kl</summary>
internal static class CompareGaussians
{
    public const string Description =
        """
        KL(p‖q) (forward) and KL(q‖p) (reverse) of two normal distributions, with Jeffreys, Bhattacharyya, Hellinger and the Wasserstein
        distance of order 2, all by their closed forms. Each Gaussian gives its `mean` and exactly one of `covariance` (symmetric and
        positive definite), `variances` (a diagonal), `standardDeviation` (one dimension) and `choleskyFactor` (lower triangular); p and q
        may do so differently. The divergence is half of `trace` − d + `mahalanobis` + `logDeterminant`, with trace = tr(T⁻¹S),
        mahalanobis = (m−n)ᵀT⁻¹(m−n) and logDeterminant = ln det T − ln det S for a reference N(m, S) and a model N(n, T). The value itself
        is summed from terms that are never negative, without determinant or inverse, so it keeps its digits where these would cancel.
        Nothing is added to a matrix that is not positive definite: it is refused by the pivot that fails.
        Units: nats or bits for divergences, `bhattacharyya` and terms; `hellinger` (0 to 1) has none, `wasserstein2` is in the unit of the
        coordinates. Condition numbers are those of the covariances; where they cost digits, a warning says how many.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/kl", Handle)
        .Describe("Divergences between two Gaussians", Description, 400, 413, 415, 422)
        .Example("a covariance against variances", """
            { "p": { "mean": [0, 0], "covariance": [[1, 0.2], [0.2, 2]] }, "q": { "mean": [1, 0], "variances": [1, 1] } }
            """)
        .Example("one dimension, in bits", """
            { "p": { "mean": 0, "standardDeviation": 1 }, "q": { "mean": 0.5, "standardDeviation": 2 }, "unit": "bits" }
            """)
        .Example("by Cholesky factors", """
            { "p": { "mean": [0, 0], "choleskyFactor": [[1, 0], [0.5, 2]] }, "q": { "mean": [0, 1], "choleskyFactor": [[2, 0], [0, 1]] } }
            """);

    private static GaussiansAnswer Handle(Body<GaussiansRequest> body, IOptions<Limits> limits, CancellationToken cancellation) =>
        GaussiansAnswer.Of(body.Value.Pair(limits.Value, cancellation).Compare(cancellation), body.Value.Unit);
}
