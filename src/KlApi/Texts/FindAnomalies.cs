using KlApi.Host;
using KlCore.Texts.Streams;

namespace KlApi.Texts;

/// <summary>POST /v1/text/anomalies</summary>
internal static class FindAnomalies
{
    private const string Description =
        """
        Which parts of a stream of categories (kinds of events in a log, words, states) are unlike a `baseline` of counts: the stream is cut into windows, and each has its
        KL(window‖baseline) and a G-test whether window and baseline can be samples of one distribution, which knows how large both are. A window is an anomaly if its p-value, after
        Holm's correction for all of them, is below `level`; its `contributors` say what there is too much of. For the test, categories of which fewer than `minimumExpected` are expected
        in a window are one, those that the baseline never saw among them; for the divergence each count of the baseline has `alpha` more. At most 10,000 windows.
        Divergences in nats or bits.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/anomalies", Handle)
        .Describe("Anomalies in a stream of categories", Description, 400, 413, 415, 429)
        .Example("a burst of refusals", """
            { "baseline": { "read": 800, "write": 150, "refused": 50 }, "window": 10, "minimumExpected": 1,
              "stream": ["read", "read", "write", "read", "read", "read", "read", "read", "write", "read", "refused", "refused", "refused", "read", "refused", "refused", "refused", "refused", "refused", "read"] }
            """);

    private static async Task<StreamReport> Handle(Body<StreamAnomalies> body, Admission admission, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        return await admission.ComputeLong(() => body.Value.Look(cancellation), cancellation);
    }
}
