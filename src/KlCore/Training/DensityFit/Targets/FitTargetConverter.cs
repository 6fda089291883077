using System.Text.Json;
using KlCore.Distributions;

namespace KlCore.Training.DensityFit;

/// <summary>Tells the shapes of a <see cref="FitTarget"/> apart; a family travels as it is, without anything around it.</summary>
internal sealed class FitTargetConverter : ShapeConverter<FitTarget>
{
    public override void Write(Utf8JsonWriter writer, FitTarget value, JsonSerializerOptions options)
    {
        if (value is FamilyTarget family) JsonSerializer.Serialize(writer, family.Distribution, options);
        else base.Write(writer, value, options);
    }

    private protected override FitTarget From(object read) => read is Distribution distribution ? new FamilyTarget(distribution) : base.From(read);
}
