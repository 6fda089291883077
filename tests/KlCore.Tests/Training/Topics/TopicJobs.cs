using System.Globalization;
using System.Text.Json;
using KlCore.Numerics;
using KlCore.Training;
using KlCore.Training.Topics;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Topics;

/// <summary>Specifications as clients write them, documents whose topics are known, and runs.</summary>
internal static class TopicJobs
{
    public const string Three = """{ "kind": "topics", "documents": ["Text data", "More text data", "Topics in more text"], "topics": 2, "passes": 10 }""";

    /// <summary>
    /// Documents of thirty words from two of three topics of twenty words each, in shares that differ: the second topic has every second, third, … sixth
    /// word. Words say by their first letter of which topic they are; the first words of a topic come more often.
    /// </summary>
    public static string[] Planted(int count)
    {
        var random = new RandomStream(3, 0, "planted");
        return [.. Enumerable.Range(0, count).Select(d => string.Join(' ', Enumerable.Range(0, 30).Select(i =>
        {
            var topic = i % (2 + d / 3 % 5) == 0 ? (d + 1) % 3 : d % 3;
            return $"{"abc"[topic]}w{Letters((int)(20 * random.NextUniform() * random.NextUniform()))}";
        })))];
    }

    public static string Json(IEnumerable<string> documents, string more) => $$"""{ "kind": "topics", "documents": {{JsonSerializer.Serialize(documents)}}, {{more}} }""";

    public static TopicsSpecification Read(string json) => (TopicsSpecification)Fits.Read(json);

    public static TrainingOutcome Run(TrainingSpecification specification, ITrainingInputs? inputs = null)
    {
        var run = specification.Start(inputs ?? Fits.NoInputs.Instance);
        while (!run.IsComplete) run.Step();
        return run.Finish();
    }

    public static TopicsResult Result(string json) => (TopicsResult)Run(Read(json)).Result;

    // Digits are no parts of words.
    private static string Letters(int number) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('k' + digit - '0')));
}
