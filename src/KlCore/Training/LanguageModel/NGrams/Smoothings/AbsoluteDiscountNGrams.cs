using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>max(c - delta, 0) / N + (delta T / N) p'. Without a delta that of each order is n1 / (n1 + 2 n2), where n1 n-grams occur once and n2 twice.</summary>
/// <remarks>Ney, Essen, Kneser (1994).</remarks>
public sealed record AbsoluteDiscountNGrams : NGramSmoothing
{
    /// <summary>What is taken off every count.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Delta { get; init; }

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Discounting([Delta ?? facts.UsualDiscount()]);
}
