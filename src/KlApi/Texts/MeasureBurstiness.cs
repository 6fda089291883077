using KlApi.Host;
using KlCore.Texts.Rhythm;
using KlCore.Training;
using Microsoft.Extensions.Options;

namespace KlApi.Texts;

/// <summary>POST /v1/text/burstiness</summary>
internal static class MeasureBurstiness
{
    private const string Description =
        """
        Whether events come in bursts, by the gaps between them (mean m, standard deviation s): B = (s − m)/(s + m) is −1 for a clock, 0 for chance and towards 1 for bursts.
        Events are given by their `times`, by their `gaps`, or are the words of a `text` (one text, several, or a column of a dataset; gaps are counted in words): those named in
        `words`, else the `top` words that come most in bursts among those that occur `minimumCount` times. Words that come in bursts are what a part of a text is about.
        Beside B its standard error (jackknife), `corrected`, the same for finite numbers of events, whose range is −1 to 1 and which is nearer to 0 for chance, and
        `memory`, the correlation of each gap with the next. A word that occurs fewer than three times has no burstiness: null.
        Sources: Goh and Barabási, EPL 81 (2008); Kim and Jo, Physical Review E 94 (2016).
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/burstiness", Handle)
        .Describe("Burstiness of words or events", Description, 400, 413, 415, 422, 429)
        .Example("times of events", """{ "times": [0, 1, 2, 3, 50, 51, 52, 100, 101] }""")
        .Example("words", """{ "text": "a rose is a rose is a rose, and a daisy is no rose but a daisy", "words": ["rose", "a", "tulip"] }""");

    private static async Task<BurstinessAnswer> Handle(
        Body<Burstiness> body, ITrainingInputs inputs, Admission admission, IOptions<Limits> limits, CancellationToken cancellation)
    {
        using var place = await admission.Enter(cancellation);
        return await admission.ComputeLong(() => body.Value.Measure(inputs, limits.Value.TextCharacters, cancellation), cancellation);
    }
}
