using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Estimation.Kernels;

/// <summary>
/// How wide a Gaussian kernel is: a number, its standard deviation in every coordinate; or a rule, <c>"silverman"</c>, <c>"scott"</c> or <c>"cross-validated"</c>, by which it is the sample
/// covariance times the square of a factor.
/// </summary>
[JsonConverter(typeof(KernelBandwidthConverter))]
public sealed record KernelBandwidth
{
    /// <summary>The names of the rules.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. Enum.GetNames<KernelRule>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    /// <summary>A width by a rule.</summary>
    public KernelBandwidth(KernelRule rule) => Rule = rule;

    /// <summary>A given width.</summary>
    public KernelBandwidth(double width) => Width = width;

    /// <summary>The rule, if it is by one.</summary>
    public KernelRule? Rule { get; }

    /// <summary>The width, if it is given.</summary>
    public double? Width { get; }

    /// <summary>Adds a problem if the width is not a positive number.</summary>
    public void Check(Problems problems)
    {
        if (Width is { } width && !(width > 0 && double.IsFinite(width))) problems.Add($"must be finite and greater than 0, was {width:R}");
    }
}

/// <summary>How a width follows from a sample of n points in d dimensions.</summary>
public enum KernelRule
{
    /// <summary>The factor (n (d + 2)/4)^(-1/(d + 4)).</summary>
    Silverman,

    /// <summary>The factor n^(-1/(d + 4)).</summary>
    Scott,

    /// <summary>Scott's factor times that power of 2 (from -3 to 1, by quarters) under which each point is likeliest by the others.</summary>
    CrossValidated,
}

/// <summary>Reads and writes a <see cref="KernelBandwidth"/>.</summary>
internal sealed class KernelBandwidthConverter : JsonConverter<KernelBandwidth>
{
    public override KernelBandwidth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var width)) return new KernelBandwidth(width);
        if (reader.TokenType == JsonTokenType.String && KernelBandwidth.Rules.ToList().IndexOf(reader.GetString()!) is >= 0 and var rule) return new KernelBandwidth((KernelRule)rule);
        throw new JsonException($"must be a number or one of {string.Join(", ", KernelBandwidth.Rules)}");
    }

    public override void Write(Utf8JsonWriter writer, KernelBandwidth value, JsonSerializerOptions options)
    {
        if (value.Width is { } width) writer.WriteNumberValue(width);
        else writer.WriteStringValue(KernelBandwidth.Rules[(int)value.Rule!.Value]);
    }
}
