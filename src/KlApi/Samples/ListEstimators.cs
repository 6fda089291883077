using KlApi.Host;
using KlCore.Divergences;
using KlCore.Estimation;
using KlCore.Estimation.Dependence;
using KlCore.Estimation.Entropies;

namespace KlApi.Samples;

/// <summary>What there is to estimate with.</summary>
/// <param name="Data">Every estimator.</param>
/// <param name="HasMore">False: the list is whole.</param>
public sealed record EstimatorList(IReadOnlyList<ListedEstimator> Data, bool HasMore);

/// <summary>One estimator: what it is and what can be set.</summary>
/// <param name="Name">How a request names it.</param>
/// <param name="Estimates">What it is an estimate of.</param>
/// <param name="Formula">The estimate in ASCII.</param>
/// <param name="Parameters">What can be set, with bounds and defaults.</param>
/// <param name="FollowsUnit">Whether it is answered in nats or bits; the others have no unit, or that of the coordinates.</param>
/// <param name="HasPermutationTest">Whether there is a p-value.</param>
/// <param name="Summary">How it behaves: bias, variance, for which samples it is meant.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ListedEstimator(
    string Name, string Estimates, string Formula, IReadOnlyList<Parameter> Parameters, bool FollowsUnit, bool HasPermutationTest, string Summary, string Source);

/// <summary>GET /v1/samples/divergences, /v1/samples/entropy and /v1/samples/mutual-information</summary>
internal static class ListEstimators
{
    private static readonly EstimatorList Divergences = Of(EstimatorCatalogue.Of<Estimator, PooledSample>());
    private static readonly EstimatorList Entropies = Of(EstimatorCatalogue.Of<EntropyEstimator, PooledSample>());
    private static readonly EstimatorList Informations = Of(EstimatorCatalogue.Of<MutualInformationEstimator, PairedSample>());

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/divergences", () => Divergences).Describe("The estimators of divergences", Description("divergences and distances from two samples"));
        group.MapGet("/entropy", () => Entropies).Describe("The estimators of entropy", Description("entropy from a sample"));
        group.MapGet("/mutual-information", () => Informations).Describe("The estimators of mutual information", Description("mutual information from pairs"));
    }

    private static string Description(string what) =>
        $"Every estimator of {what}: name, what it estimates, formula, parameters with bounds and defaults, how it behaves, and its source. Read from the code that computes them.";

    private static EstimatorList Of(IEnumerable<EstimatorEntry> entries) => new([.. entries.Select(Listed)], HasMore: false);

    private static ListedEstimator Listed(EstimatorEntry entry) => new(
        entry.Name, entry.Description.Estimates, entry.Description.Formula, entry.Parameters, entry.Description.FollowsUnit, entry.Description.HasPermutationTest, entry.Description.Summary, entry.Description.Source);
}
