using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// Absolute discounting, interpolated, in which the lower orders count after how many different tokens something stood, and not how often: "Francisco" is frequent, and yet a bad guess
/// anywhere but after "San".
/// </summary>
/// <remarks>Kneser and Ney, Improved backing-off for m-gram language modeling, ICASSP 1995; interpolated as Chen and Goodman (1999) have it. The start of the text counts as one token before it.</remarks>
public sealed record KneserNeyNGrams : NGramSmoothing
{
    /// <summary>What is taken off every count; without it n1 / (n1 + 2 n2) at each order.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Delta { get; init; }

    internal override bool UsesContinuations => true;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Discounting([Delta ?? facts.UsualDiscount()]);
}
