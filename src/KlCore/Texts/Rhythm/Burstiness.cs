using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Texts.NGrams;
using KlCore.Training;

namespace KlCore.Texts.Rhythm;

/// <summary>
/// Whether events come in bursts: B = (s - m)/(s + m) of the gaps between them, with mean m and standard deviation s: -1 for a clock, 0 for chance (exponential gaps),
/// towards 1 for bursts. Events are given by their times or gaps, or are the occurrences of words in a text.
/// </summary>
/// <remarks>K.-I. Goh and A.-L. Barabasi, "Burstiness and memory in complex systems", EPL 81 (2008); E.-K. Kim and H.-H. Jo, Physical Review E 94 (2016), for finite numbers of events.</remarks>
public sealed record Burstiness : IChecked
{
    // Squares of gaps neither over- nor underflow.
    private const double LargestTime = 1e150;
    private const int MostWords = 1000;

    /// <summary>When events were, ascending.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Times { get; init; }

    /// <summary>How far apart events were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Gaps { get; init; }

    /// <summary>A text whose words are the events; gaps are counted in words and end with each text where there are several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextInput? Text { get; init; }

    /// <summary>Which words, at most 1000; unless stated those that come most in bursts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool Lowercase { get; init; }

    /// <summary>How often a word must occur to be among those that come most in bursts.</summary>
    [Range(3, 1_000_000_000)]
    public int MinimumCount { get; init; } = 10;

    /// <summary>How many of those are listed.</summary>
    [Range(1, MostWords)]
    public int Top { get; init; } = 20;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Text?.Check(problems.At("text"));
        string[] given = [.. new[] { Times is null ? "" : "times", Gaps is null ? "" : "gaps", Text is null ? "" : "text" }.Where(name => name.Length > 0)];
        if (given.Length != 1) problems.Add($"must give exactly one of times, gaps and text; gave {(given.Length == 0 ? "none" : string.Join(" and ", given))}");
        if (Words is not null && Text is null) problems.Add("words", "must not be given without a text");
        if (Words is { Count: 0 or > MostWords }) problems.Add("words", $"must be 1 to {MostWords} words, were {Words.Count}");
        CheckNumbers(Times, problems.At("times"), isTime: true);
        CheckNumbers(Gaps, problems.At("gaps"), isTime: false);
    }

    /// <summary>Finds the gaps and what they say.</summary>
    /// <param name="inputs">Where datasets are.</param>
    /// <param name="maximumCharacters">How long the text may be.</param>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="NotComputableException">There are too few events, or all at once.</exception>
    /// <exception cref="TooCostlyException">The text is too long.</exception>
    public BurstinessAnswer Measure(ITrainingInputs inputs, long maximumCharacters, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        if (Text is null) return new BurstinessAnswer(null, [Of(Gaps ?? [.. Times!.Zip(Times!.Skip(1), (earlier, later) => later - earlier)])]);
        var texts = Text.Read("text", inputs, maximumCharacters);
        var characters = texts.Sum(text => (long)text.Length);
        if (characters > maximumCharacters) throw new TooCostlyException($"The text may have at most {maximumCharacters} characters, had {characters}.");
        return OfText(texts, cancellation);
    }

    private static EventBurstiness Of(double[] gaps)
    {
        if (gaps.Length < 2) throw new NotComputableException("too-few-events", $"Burstiness needs at least 3 events, that is 2 gaps; there {(gaps.Length == 1 ? "is 1 gap" : $"are {gaps.Length} gaps")}.");
        if (Array.TrueForAll(gaps, gap => gap == 0)) throw new NotComputableException("no-gaps", "All events are at once: there is no gap between them that could be long or short.");
        return EventBurstiness.Of(null, gaps.Length + 1, gaps);
    }

    private BurstinessAnswer OfText(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var events = new WordEvents(new TokenTable(TextTokens.Word, Lowercase, punctuation: true));
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            events.Add(text);
        }

        if (events.Count == 0) throw new NotComputableException("no-words", "The text has no words.");
        if (Words is not null) return new BurstinessAnswer(events.Count, [.. events.Of([.. Words.Select(word => Lowercase ? word.ToLowerInvariant() : word)])]);
        var found = events.Frequent(MinimumCount).OrderByDescending(entry => entry.Corrected).ThenBy(entry => entry.Word, StringComparer.Ordinal).Take(Top);
        return new BurstinessAnswer(events.Count, [.. found]);
    }

    private static void CheckNumbers(double[]? numbers, Problems problems, bool isTime)
    {
        for (var i = 0; i < numbers?.Length; i++)
        {
            if (!(Math.Abs(numbers[i]) <= LargestTime)) problems.At(i).Add($"must be at most {LargestTime:R} in magnitude, was {numbers[i]:R}");
            else if (isTime && i > 0 && numbers[i] < numbers[i - 1]) problems.At(i).Add($"must be at least the time before it, {numbers[i - 1]:R}, was {numbers[i]:R}");
            else if (!isTime && numbers[i] < 0) problems.At(i).Add($"must be at least 0, was {numbers[i]:R}");
        }
    }
}

/// <summary>How events come.</summary>
/// <param name="Tokens">How many words the text has, signs and numbers included; absent for times and gaps.</param>
/// <param name="Results">One entry for each word asked for, in that order; or those most in bursts, the most first; or one for times or gaps.</param>
public sealed record BurstinessAnswer([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Tokens, IReadOnlyList<EventBurstiness> Results);
