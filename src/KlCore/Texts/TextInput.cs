using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Training;

namespace KlCore.Texts;

/// <summary>
/// One text, several that stand each for itself, or a column of text of a stored dataset. In JSON <c>"a text"</c>, <c>["a text", "another"]</c> or
/// <c>{ "dataset": "id", "column": "text" }</c>.
/// </summary>
[JsonConverter(typeof(TextInputConverter))]
public sealed class TextInput
{
    /// <summary>Texts as they are.</summary>
    public TextInput(IReadOnlyList<string> texts) => Texts = texts;

    /// <summary>A column of a dataset.</summary>
    public TextInput(TextData data) => Data = data;

    /// <summary>The texts, where they were given; null where a dataset was named.</summary>
    public IReadOnlyList<string>? Texts { get; }

    /// <summary>The dataset, where one was named.</summary>
    public TextData? Data { get; }

    /// <summary>Adds what keeps it from being read.</summary>
    public void Check(Problems problems)
    {
        Data?.Check(problems);
        if (Texts is { Count: 0 }) problems.Add("must have at least 1 text, had none");
    }

    /// <summary>The texts, of a dataset those of its rows; rows that are the lines of one running text are that one text.</summary>
    /// <param name="member">The member of the request that this is.</param>
    /// <param name="inputs">Where datasets are.</param>
    /// <param name="maximumCharacters">How many characters there may be in a column.</param>
    /// <exception cref="InvalidInputException">There is no such dataset or column, or it is too long.</exception>
    public IReadOnlyList<string> Read(string member, ITrainingInputs inputs, long maximumCharacters)
    {
        if (Texts is not null) return Texts;
        var source = Data!.Source(member, maximumCharacters);
        var rows = inputs.Texts(source);
        return inputs.AreLines(source) ? [string.Join('\n', rows)] : rows;
    }

    private sealed class TextInputConverter : JsonConverter<TextInput>
    {
        public override TextInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.StartObject) return new TextInput(JsonSerializer.Deserialize<TextData>(ref reader, options)!);
            if (reader.TokenType == JsonTokenType.String) return new TextInput([Text(ref reader, "$")]);
            if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("must be a text, a list of texts, or an object that names a dataset");
            var texts = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var path = $"$[{texts.Count}]";
                if (reader.TokenType != JsonTokenType.String) throw new JsonException("must be a text", path, null, null);
                texts.Add(Text(ref reader, path));
            }

            return new TextInput(texts);
        }

        public override void Write(Utf8JsonWriter writer, TextInput value, JsonSerializerOptions options)
        {
            if (value.Data is not null) JsonSerializer.Serialize(writer, value.Data, options);
            else JsonSerializer.Serialize(writer, value.Texts, options);
        }

        private static string Text(ref Utf8JsonReader reader, string path)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                throw new JsonException("must be text of whole characters, has half of a surrogate pair or bytes that are no UTF-8", path, null, null);
            }
        }
    }
}
