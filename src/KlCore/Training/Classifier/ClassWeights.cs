using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Training.Classifier;

/// <summary>What the loss of each class counts: <c>"balanced"</c>, or a number for each class in their order.</summary>
/// <param name="values">A number for each class; null for n / (K n_k), with n_k of the n examples that train in class k of K.</param>
[JsonConverter(typeof(ClassWeightsConverter))]
public sealed class ClassWeights(IReadOnlyList<double>? values)
{
    /// <summary>The numbers as given; null for balanced ones.</summary>
    public IReadOnlyList<double>? Values { get; } = values;

    /// <summary>Adds what is wrong with them, where the number of classes is known.</summary>
    internal void Check(int? classes, Problems problems)
    {
        if (Values is null) return;
        if (classes is { } count && Values.Count != count) problems.Add($"must have one number for each of the {count} classes, had {Values.Count}");
        for (var i = 0; i < Values.Count; i++)
            if (!(Values[i] >= 0) || !double.IsFinite(Values[i])) problems.At(i).Add($"must be finite and at least 0, was {Values[i]:R}");
        if (Values.All(value => value == 0)) problems.Add("must not be 0 for every class");
    }

    /// <summary>A number for each class.</summary>
    internal float[] Of(ReadOnlySpan<int> labels, int classes)
    {
        if (Values is not null) return [.. Values.Select(value => (float)value)];
        var counts = new double[classes];
        foreach (var label in labels) counts[label]++;
        var total = labels.Length;
        return Array.ConvertAll(counts, count => count == 0 ? 0 : (float)(total / (classes * count)));
    }
}

/// <summary>Reads and writes <see cref="ClassWeights"/>.</summary>
internal sealed class ClassWeightsConverter : JsonConverter<ClassWeights>
{
    private const string Balanced = "balanced", Expected = "must be \"balanced\" or an array with a number for each class";

    public override ClassWeights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Balanced)) return new ClassWeights(null);
        return reader.TokenType == JsonTokenType.StartArray ? new ClassWeights(NumberRow.Read(ref reader, options, "$", Expected)) : throw new JsonException(Expected);
    }

    public override void Write(Utf8JsonWriter writer, ClassWeights value, JsonSerializerOptions options)
    {
        if (value.Values is null) writer.WriteStringValue(Balanced);
        else JsonSerializer.Serialize(writer, value.Values, options);
    }
}
