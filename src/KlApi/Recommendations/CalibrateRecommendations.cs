using KlApi.Host;
using KlCore.Recommendations;

namespace KlApi.Recommendations;

/// <summary>POST /v1/recommendations/calibrate</summary>
internal static class CalibrateRecommendations
{
    private const string Description =
        """
        Re-ranks recommendations so that their genres are mixed like those of what the user liked. p(g|u) are the genres of the history, weighted; q those of the list;
        C = KL(p‖q̃) with q̃ = (1 − α)q + αp says how far the list is from them, in nats. Of the candidates those are chosen, one place after the other, that make
        (1 − λ) Σ scores − λ C largest; the list before is that of the highest scores. Scores and nats are weighed against each other as they are: scale the scores
        accordingly. Genres of an item are weights and are divided by their sum. With `exact` the best of all lists is found too, where there are few enough (a million sets):
        the greedy list is guaranteed 1 − 1/e of the gain of the best, and is mostly the best itself.
        Source: Steck, "Calibrated recommendations", RecSys 2018.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/calibrate", Handle)
        .Describe("Calibrated recommendations", Description, 400, 413, 415, 429)
        .Example("a user of 70 % romance and 30 % action", """
            { "history": [ { "item": "Notting Hill", "weight": 7 }, { "item": "Die Hard", "weight": 3 } ],
              "items": { "Notting Hill": { "romance": 1 }, "Die Hard": { "action": 1 }, "Titanic": { "romance": 0.8, "drama": 0.2 }, "Casablanca": { "romance": 1 },
                         "Speed": { "action": 1 }, "True Lies": { "action": 0.7, "romance": 0.3 } },
              "candidates": [ { "item": "Titanic", "score": 0.9 }, { "item": "Casablanca", "score": 0.8 }, { "item": "True Lies", "score": 0.5 }, { "item": "Speed", "score": 0.4 } ],
              "lambda": 0.8, "listLength": 2, "exact": true }
            """);

    private static async Task<CalibrationAnswer> Handle(Body<Calibration> body, Admission admission, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        return await admission.ComputeLong(() => body.Value.Rank(cancellation), cancellation);
    }
}
