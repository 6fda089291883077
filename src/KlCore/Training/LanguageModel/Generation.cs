using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel;

/// <summary>How text is drawn from a model: token by token, each from the model's distribution after what is there, sharpened and cut as wanted. The same seed gives the same texts.</summary>
public sealed record Generation : IChecked
{
    /// <summary>What the texts begin with; without it a line break, or where the model knows documents, the start of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Prompt { get; init; }

    /// <summary>How many tokens to draw at most; a document may end before.</summary>
    [Range(1, 10_000)]
    public int MaximumTokens { get; init; } = 100;

    /// <summary>Divides the logits: below 1 the likely gets likelier; 0 always takes the likeliest.</summary>
    [Range(0, 100)]
    public double Temperature { get; init; } = 1;

    /// <summary>Draws among this many likeliest tokens only; without it among all.</summary>
    [Range(1, int.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopK { get; init; }

    /// <summary>Draws among the fewest likeliest tokens only that together have this probability (nucleus sampling).</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double TopP { get; init; } = 1;

    /// <summary>How many texts.</summary>
    [Range(0, 100)]
    public int Count { get; init; } = 1;

    /// <summary>Addresses the random numbers.</summary>
    [Range(0L, 9007199254740991L)]
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Prompt is { Length: 0 }) problems.Add("prompt", "must have at least one character, or be left out");
        if (Prompt is { Length: > 100_000 }) problems.Add("prompt", $"must have at most 100000 characters, had {Prompt.Length}");
    }
}
