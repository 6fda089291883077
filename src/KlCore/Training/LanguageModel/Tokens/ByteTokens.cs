using System.Text;
using System.Text.Json;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>Every byte of UTF-8 is a token: 256 of them, and no text that could not be written.</summary>
public sealed record ByteTokens : Tokenization
{
    internal override int MaximumVocabulary(long characters) => 256;

    internal override Tokenizer Learn(IReadOnlyList<string> texts, bool hasEnd) => new ByteTokenizer(hasEnd);
}

/// <summary>Bytes as tokens.</summary>
internal sealed class ByteTokenizer(bool hasEnd) : Tokenizer(hasEnd)
{
    private static readonly byte[] All = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public override string Kind => "byte";

    protected override int Count => All.Length;

    public override List<int> Encode(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public override ReadOnlySpan<byte> Bytes(int token) => All.AsSpan(token, 1);

    protected override void WriteTokens(Utf8JsonWriter writer)
    {
    }
}
