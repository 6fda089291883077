using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>How text is cut into tokens: one sealed record for each way, listed here by one attribute line. What has to be learnt for it is learnt from the training part alone.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ByteTokens), "byte")]
[JsonDerivedType(typeof(CharacterTokens), "character")]
[JsonDerivedType(typeof(WordTokens), "word")]
[JsonDerivedType(typeof(BytePairTokens), "byte-pair")]
public abstract record Tokenization : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>The most tokens that there can be for a text of so many characters, besides the one that ends documents.</summary>
    internal abstract int MaximumVocabulary(long characters);

    /// <summary>Learns from the training part.</summary>
    /// <param name="texts">Its texts.</param>
    /// <param name="hasEnd">Whether documents end, with a token of their own.</param>
    internal abstract Tokenizer Learn(IReadOnlyList<string> texts, bool hasEnd);
}
