using KlApi.Host;
using KlCore.Drift;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Drift;

/// <summary>POST /v1/drift</summary>
internal static class ComputeDrift
{
    private const string Description =
        """
        Compares each column of a table with the same column of a reference, and says which drifted. Tables are stored datasets, `{ "dataset": id }`, columns, `{ "columns": {"age": [31, null, 52]} }`,
        or rows, `{ "rows": [{"age": 31}] }`.

        Unless `columns` says otherwise, numbers of more than five different values are `numeric`, other numbers and texts that repeat `categorical`; texts that hardly repeat (`text`) are not compared.
        With fewer than 1000 cells on a side a test decides: `kolmogorov-smirnov` for numbers, `chi-squared` for categories. With more, where a test finds what nobody minds, a distance
        decides together with its test: `wasserstein` in standard deviations of the reference (threshold 0.1), `jensen-shannon` in nats (0.01). The answer says which rule it was. Other methods:
        `energy-distance` (0.1), `kullback-leibler` KL(reference‖current) (0.1), `population-stability` (0.2), `hellinger` (0.1), `total-variation` (0.1), `g-test`; of numbers they are taken over `bins` of
        equal share of the reference.

        Each score has the p-value of a test on the same data: of Kolmogorov and Smirnov for distances of numbers, of the G-test or Pearson's for counts, with random exchanges where few counts are expected.
        Over all columns p-values are Holm-adjusted unless `correction` is `none`. A column has the verdict `drift` if its adjusted p-value is at most `alpha` and its score
        reaches the threshold; `inconclusive` if the score does and the p-value does not agree, or there are fewer than 30 cells and nothing was found; else `none`.
        Tables without a column in common are refused with 422. Also told: the change of the share of missing cells, categories that are new or have vanished, and in warnings what weakens the finding.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("", Handle)
        .Describe("Drift between two tables", Description, 400, 413, 415, 422, 503)
        .Example("a few rows", """
            { "reference": { "columns": { "age": [31, 45, 52, 28, 39, 61, 33, 47], "plan": ["a", "b", "a", "a", "b", "a", "a", "b"] } },
              "current": { "columns": { "age": [25, 29, 31, 22, 35, 27, 30, 24], "plan": ["b", "c", "b", "b", null, "b", "c", "b"] } } }
            """)
        .Example("methods of the caller's", """
            { "reference": { "rows": [ {"x": 1.5}, {"x": 2.5}, {"x": 2.1}, {"x": 3.3}, {"x": 1.9}, {"x": 2.8} ] },
              "current": { "rows": [ {"x": 2.5}, {"x": 3.5}, {"x": 3.1}, {"x": 4.3}, {"x": 2.9}, {"x": 3.8} ] },
              "columns": [ { "name": "x", "type": "numeric", "method": "wasserstein", "threshold": 0.5 } ], "alpha": 0.1, "correction": "none" }
            """);

    private static async Task<DriftReport> Handle(Body<DriftRequest> body, ITrainingInputs inputs, IOptions<Limits> limits, Admission admission, CancellationToken cancellation) =>
        await admission.ComputeLong(
            () =>
            {
                var (reference, current) = body.Value.Read(inputs, limits.Value.DatasetNumbers);
                return DriftAnalysis.Compare(reference, current, body.Value, cancellation);
            },
            cancellation);
}
