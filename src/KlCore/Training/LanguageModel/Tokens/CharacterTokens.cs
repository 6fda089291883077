using System.Text;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>Every character (code point of Unicode) of the training part is a token, and one more stands for all others.</summary>
public sealed record CharacterTokens : Tokenization
{
    internal override int MaximumVocabulary(long characters) => (int)Math.Min(characters, 0x110000 - 0x800) + 1;

    internal override Tokenizer Learn(IReadOnlyList<string> texts, bool hasEnd)
    {
        var seen = new SortedSet<int>();
        foreach (var text in texts)
            foreach (var rune in text.EnumerateRunes()) seen.Add(rune.Value);
        return new CharacterTokenizer([TextTokenizer.UnknownName, .. seen.Select(value => new Rune(value).ToString())], hasEnd);
    }
}

/// <summary>Characters as tokens, in the order of their code points after the unknown one.</summary>
internal sealed class CharacterTokenizer(string[] tokens, bool hasEnd) : TextTokenizer(tokens, hasEnd)
{
    public override string Kind => "character";

    private protected override IEnumerable<(int Start, int Length)> Cut(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = char.IsSurrogatePair(text, at) ? 2 : 1;
            yield return (at, length);
            at += length;
        }
    }
}
