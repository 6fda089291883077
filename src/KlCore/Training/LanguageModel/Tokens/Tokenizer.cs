using System.Buffers;
using System.Text;
using System.Text.Json;

namespace KlCore.Training.LanguageModel.Tokens;

/// <summary>Turns text into tokens and back. Holds nothing that changes.</summary>
internal abstract class Tokenizer(bool hasEnd)
{
    /// <summary>The name of the file that <see cref="Save"/> fills.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>How many tokens there are, the one that ends documents included.</summary>
    public int Vocabulary => Count + (End is null ? 0 : 1);

    /// <summary>The token that ends a document, and stands before the first: the last of all. Null for one running text.</summary>
    public int? End => hasEnd ? Count : null;

    /// <summary>The token that stands for all text that has none; null where every text can be written.</summary>
    public virtual int? Unknown => null;

    /// <summary>What it is called in a specification.</summary>
    public abstract string Kind { get; }

    /// <summary>How many tokens there are besides <see cref="End"/>.</summary>
    protected abstract int Count { get; }

    /// <summary>The tokens of a text.</summary>
    public abstract List<int> Encode(string text);

    /// <summary>How many bytes of the text have no token of their own, in UTF-8.</summary>
    public virtual long UnknownBytes(string text) => 0;

    /// <summary>The text of tokens. Bytes that are no UTF-8 become U+FFFD, an unknown token its name; the end of a document is nothing.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
            if (token != End) bytes.Write(Bytes(token));
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The bytes that a token stands for.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int token);

    /// <summary>A token as people read it: its text, or its bytes as "&lt;0x0A&gt;" where they are none.</summary>
    public string Name(int token)
    {
        if (token == End) return "<end>";
        var bytes = Bytes(token);
        return System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.ContainsAnyInRange((byte)0, (byte)31)
            ? Encoding.UTF8.GetString(bytes)
            : string.Concat(bytes.ToArray().Select(value => $"<0x{value:X2}>"));
    }

    /// <summary>All that is needed to read it back, as JSON.</summary>
    public byte[] Save()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", Kind);
            writer.WriteNumber("vocabulary", Vocabulary);
            if (End is { } end) writer.WriteNumber("end", end);
            if (Unknown is { } unknown) writer.WriteNumber("unknown", unknown);
            WriteTokens(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidInputException">It is something else.</exception>
    public static Tokenizer Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var hasEnd = root.TryGetProperty("end", out _);
            return root.GetProperty("kind").GetString() switch
            {
                "byte" => new ByteTokenizer(hasEnd),
                "character" => new CharacterTokenizer(Texts(root), hasEnd),
                "word" => new WordTokenizer(Texts(root), hasEnd),
                "byte-pair" => new BytePairTokenizer([.. root.GetProperty("merges").EnumerateArray().Select(merge => (merge[0].GetInt32(), merge[1].GetInt32()))], hasEnd),
                var other => throw new InvalidInputException("", $"There is no tokenizer of kind \"{other}\"."),
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidInputException("", "The tokenizer's file is not well-formed.");
        }
    }

    /// <summary>Whether both cut every text in the same way into the same tokens.</summary>
    public bool IsSameAs(Tokenizer other) => Save().AsSpan().SequenceEqual(other.Save());

    /// <summary>Writes what is particular to the kind.</summary>
    protected abstract void WriteTokens(Utf8JsonWriter writer);

    /// <summary>Writes the tokens' texts, in the order of their numbers.</summary>
    private protected static void WriteTexts(Utf8JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray("tokens");
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static string[] Texts(JsonElement root) => [.. root.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)];
}
