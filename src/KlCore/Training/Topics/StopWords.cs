using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training.Topics;

/// <summary>Words that say nothing about what a text is about: the English ones, or a list of one's own. In JSON <c>"english"</c> or <c>["the", "of"]</c>.</summary>
[JsonConverter(typeof(StopWordsConverter))]
public sealed class StopWords
{
    private const string Function = """
        a about above across after afterwards again against all almost alone along already also although always am among amongst an and another any
        anybody anyhow anyone anything anyway anywhere are around as at be became because become becomes becoming been before beforehand behind being
        below beside besides between beyond both but by can cannot could did do does doing done down during each either else elsewhere enough etc even
        ever every everybody everyone everything everywhere except few for former formerly from further had has hasn have having he hence her here
        hereafter hereby herein hereupon hers herself him himself his how however i if in indeed instead into is isn it its itself just latter latterly
        least less many may me meanwhile might mine more moreover most mostly much must my myself namely neither never nevertheless next no nobody none
        nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours ourselves out over own per perhaps please
        quite rather re really same several shall she should since so some somebody somehow someone something sometime sometimes somewhere still such
        than that the their theirs them themselves then thence there thereafter thereby therefore therein thereupon these they this those though
        through throughout thru thus to together too toward towards under until unto up upon us very via was we well were what whatever when whence
        whenever where whereafter whereas whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will with
        within without would yet you your yours yourself yourselves
        """;

    private static readonly string[] EnglishWords = Function.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private readonly FrozenSet<string> _words;

    /// <summary>A list of one's own, compared with words in lower case.</summary>
    public StopWords(IReadOnlyList<string> list) => (List, _words) = (list, list.Select(word => word.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal));

    private StopWords() => _words = EnglishWords.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The function words of English.</summary>
    public static StopWords English { get; } = new();

    /// <summary>The list as it was given; null for the English ones.</summary>
    public IReadOnlyList<string>? List { get; }

    /// <summary>Whether a word in lower case is one of them.</summary>
    public bool Contains(ReadOnlySpan<char> word) => _words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>Reads and writes them.</summary>
    private sealed class StopWordsConverter : JsonConverter<StopWords>
    {
        public override StopWords Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return reader.ValueTextEquals("english") ? English : throw new JsonException("must be \"english\" or a list of words");
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be \"english\" or a list of words");
            var words = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                words.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("must be a word", $"$[{words.Count}]", null, null));
            return new StopWords(words);
        }

        public override void Write(Utf8JsonWriter writer, StopWords value, JsonSerializerOptions options)
        {
            if (value.List is null) writer.WriteStringValue("english");
            else JsonSerializer.Serialize(writer, value.List, options);
        }
    }
}
