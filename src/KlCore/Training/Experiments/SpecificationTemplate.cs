using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace KlCore.Training.Experiments;

/// <summary>
/// A specification of which members are replaced: both the record that it is and the text that it was, so that a variant is read from exactly what
/// was written with nothing but the replaced members changed, as strictly as if it had been posted.
/// </summary>
[JsonConverter(typeof(SpecificationTemplateConverter))]
[Shape("kind", typeof(TrainingSpecification))]
public sealed class SpecificationTemplate : IChecked
{
    private readonly Lazy<JsonNode> _filled;

    /// <summary>A specification and its JSON.</summary>
    /// <param name="value">The record.</param>
    /// <param name="json">As it was written.</param>
    /// <param name="filled">Writes the record with all defaults filled in: where members come from that were not written and parts of which are replaced.</param>
    public SpecificationTemplate(TrainingSpecification value, JsonElement json, Func<JsonNode> filled) => (Value, Json, _filled) = (value, json, new Lazy<JsonNode>(filled));

    /// <summary>What it is before anything is replaced.</summary>
    public TrainingSpecification Value { get; }

    /// <summary>The same as it was written.</summary>
    public JsonElement Json { get; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (Value.IsExperiment) problems.Add("kind", "must be of a kind that is one run itself; comparisons and searches are not nested");
        else Value.Check(problems);
    }

    /// <summary>The specification with some members replaced.</summary>
    /// <param name="changes">What is set where; a last step that names nothing yet adds a member, which the reader then knows or refuses.</param>
    /// <param name="inputs">Reads it.</param>
    /// <param name="problems">Takes every failure: under the place of the change that it lies in, else under <c>specification</c>.</param>
    /// <returns>Null if there were failures.</returns>
    internal TrainingSpecification? Vary(IReadOnlyList<Change> changes, ITrainingInputs inputs, Problems problems)
    {
        try
        {
            return inputs.Read(Written(changes));
        }
        catch (InvalidInputException invalid)
        {
            Blame(changes, invalid.Problems, problems);
            return null;
        }
    }

    /// <summary>The specification with some members replaced, as it would be posted.</summary>
    internal JsonElement With(IReadOnlyList<Change> changes) => JsonElement.Parse(Written(changes));

    /// <summary>Adds what is wrong with a variant where the document that asks for it says so.</summary>
    internal static void Blame(IReadOnlyList<Change> changes, Problems found, Problems problems)
    {
        foreach (var (pointer, messages) in found.ByPointer())
        {
            var change = changes.LastOrDefault(change => change.Pointer.Contains(pointer));
            var place = change is null ? new JsonPointer(pointer).From(problems.At("specification")) : change.Pointer.Rest(pointer).From(change.Place(problems));
            foreach (var message in messages) place.Add(message);
        }
    }

    /// <summary>Whether there is something that holds such a member, so that it can be set.</summary>
    internal bool CanSet(JsonPointer pointer) => pointer.TrySet(Written(), _filled, Json);

    private JsonNode Written() => JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(Json))!;

    private byte[] Written(IReadOnlyList<Change> changes)
    {
        var root = Written();
        // What a thing is comes before what it has.
        foreach (var change in changes.OrderBy(change => change.Pointer.IsDiscriminator() ? 0 : 1))
            if (!change.Pointer.TrySet(root, _filled, change.Value)) throw new InvalidInputException("", $"must have {change.Pointer.Parent()} for {change.Pointer.Text} to be set");
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }
}

/// <summary>One member to be replaced.</summary>
/// <param name="Pointer">Which.</param>
/// <param name="Value">What by.</param>
/// <param name="Place">Where the value stands in the document that asks for it.</param>
internal sealed record Change(JsonPointer Pointer, JsonElement Value, Func<Problems, Problems> Place);

/// <summary>Reads the record and keeps the text; writes the text.</summary>
internal sealed class SpecificationTemplateConverter : JsonConverter<SpecificationTemplate>
{
    public override SpecificationTemplate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object");
        var ahead = reader;
        var json = JsonElement.ParseValue(ref ahead);
        var value = JsonSerializer.Deserialize<TrainingSpecification>(ref reader, options)!;
        return new SpecificationTemplate(value, json, () => JsonSerializer.SerializeToNode(value, options)!);
    }

    public override void Write(Utf8JsonWriter writer, SpecificationTemplate value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
