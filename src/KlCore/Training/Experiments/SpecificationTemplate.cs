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
    /// <summary>A specification and its JSON.</summary>
    public SpecificationTemplate(TrainingSpecification value, JsonElement json) => (Value, Json) = (value, json);

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
        var root = JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(Json))!;
        foreach (var change in changes)
        {
            if (change.Pointer.TrySet(root, change.Value)) continue;
            change.Place(problems).Add($"must lead to a member of the specification, but {change.Pointer.Parent()} is not there");
            return null;
        }

        try
        {
            return inputs.Read(JsonSerializer.SerializeToUtf8Bytes(root));
        }
        catch (InvalidInputException invalid)
        {
            foreach (var (pointer, messages) in invalid.Problems.ByPointer())
            {
                var change = changes.LastOrDefault(change => change.Pointer.Contains(pointer));
                var place = change is null ? new JsonPointer(pointer).From(problems.At("specification")) : change.Pointer.Rest(pointer).From(change.Place(problems));
                foreach (var message in messages) place.Add(message);
            }

            return null;
        }
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
        return new SpecificationTemplate(value, json);
    }

    public override void Write(Utf8JsonWriter writer, SpecificationTemplate value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
