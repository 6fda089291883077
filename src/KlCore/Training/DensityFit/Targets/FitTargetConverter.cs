using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>Tells the shapes of a <see cref="FitTarget"/> apart by the field that each must have; the first such field decides.</summary>
internal sealed class FitTargetConverter : JsonConverter<FitTarget>
{
    private static readonly ShapeAttribute[] Shapes = [.. typeof(FitTarget).GetCustomAttributes<ShapeAttribute>()];

    public override FitTarget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object");
        var ahead = reader;
        for (ahead.Read(); ahead.TokenType == JsonTokenType.PropertyName; ahead.Read())
        {
            foreach (var shape in Shapes)
            {
                if (!ahead.ValueTextEquals(shape.Field)) continue;
                var value = JsonSerializer.Deserialize(ref reader, shape.Type, options);
                return value is Distribution distribution ? new FamilyTarget(distribution) : (FitTarget)value!;
            }

            ahead.Skip();
        }

        throw new JsonException($"must have one of the fields {string.Join(", ", Shapes.Select(shape => shape.Field))}");
    }

    public override void Write(Utf8JsonWriter writer, FitTarget value, JsonSerializerOptions options)
    {
        if (value is FamilyTarget family) JsonSerializer.Serialize(writer, family.Distribution, options);
        else JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
