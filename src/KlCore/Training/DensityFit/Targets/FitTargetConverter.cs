using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>Tells the shapes of a <see cref="FitTarget"/> apart by the field that each must have.</summary>
internal sealed class FitTargetConverter : JsonConverter<FitTarget>
{
    public override FitTarget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object with family, samples or dataset");
        var ahead = reader;
        for (ahead.Read(); ahead.TokenType == JsonTokenType.PropertyName; ahead.Read())
        {
            if (ahead.ValueTextEquals("family"u8)) return new FamilyTarget(JsonSerializer.Deserialize<Distribution>(ref reader, options)!);
            if (ahead.ValueTextEquals("samples"u8)) return JsonSerializer.Deserialize<SampleTarget>(ref reader, options)!;
            if (ahead.ValueTextEquals("dataset"u8)) return JsonSerializer.Deserialize<DatasetTarget>(ref reader, options)!;
            ahead.Skip();
        }

        throw new JsonException("must have family, samples or dataset");
    }

    public override void Write(Utf8JsonWriter writer, FitTarget value, JsonSerializerOptions options)
    {
        if (value is FamilyTarget family) JsonSerializer.Serialize(writer, family.Distribution, options);
        else JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
