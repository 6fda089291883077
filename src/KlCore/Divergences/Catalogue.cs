using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Divergences;

/// <summary>Every measure there is, as the attribute lines of <see cref="Divergence"/> list them.</summary>
public static class Catalogue
{
    /// <summary>The measures that are answered when none is asked for.</summary>
    public static IReadOnlyList<Divergence> Default { get; } =
    [
        new KullbackLeibler(),
        new KullbackLeibler { Direction = Direction.Reverse },
        new Jeffreys(),
        new JensenShannon(),
        new TotalVariation(),
        new Hellinger(),
    ];

    /// <summary>All measures in the order of their listing.</summary>
    public static IReadOnlyList<CatalogueEntry> All { get; } =
    [
        .. from listed in typeof(Divergence).GetCustomAttributes<JsonDerivedTypeAttribute>()
           let plain = Plain(listed.DerivedType)
           select new CatalogueEntry((string)listed.TypeDiscriminator!, listed.DerivedType, plain.Describe(), [.. Parameter.Of(plain)]),
    ];

    /// <summary>The name under which a measure is listed.</summary>
    public static string NameOf(Divergence measure) => All.First(entry => entry.Type == measure.GetType()).Name;

    /// <summary>The record with its default parameters; those without a default keep the zero of their type.</summary>
    private static Divergence Plain(Type type) => (Divergence)Activator.CreateInstance(type)!;
}

/// <summary>One measure of the catalogue.</summary>
/// <param name="Name">Its discriminator.</param>
/// <param name="Type">Its record.</param>
/// <param name="Description">What is to be known about it.</param>
/// <param name="Parameters">What can be set.</param>
public sealed record CatalogueEntry(string Name, Type Type, Description Description, IReadOnlyList<Parameter> Parameters);

/// <summary>One parameter of a measure or a loss.</summary>
/// <param name="Name">As in JSON.</param>
/// <param name="Type"><c>number</c>, <c>integer</c>, <c>name</c>, <c>numbers</c> (an array), <c>points</c> (numbers, or rows of them), <c>matrix</c> (rows) or <c>matrices</c>.</param>
/// <param name="Bounds">Its bounds in words, if it has any.</param>
/// <param name="Values">The legal names, where it is one.</param>
/// <param name="Default">What it is when left out; null if it must be given.</param>
public sealed record Parameter(string Name, string Type, string? Bounds, IReadOnlyList<string>? Values, object? Default)
{
    /// <summary>What can be set of a record, seen from one with its defaults.</summary>
    internal static IEnumerable<Parameter> Of(object plain) =>
        from property in plain.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.CanWrite
        let range = property.GetCustomAttribute<RangeAttribute>()
        let type = property.PropertyType
        select new Parameter(
            JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            KindOf(type),
            range is null ? null : KlCore.Bounds.Describe(range),
            NamesOf(type),
            property.IsDefined(typeof(RequiredMemberAttribute)) ? null : property.GetValue(plain));

    private static IReadOnlyList<string>? NamesOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Estimation.Kernels.KernelBandwidth)) return Estimation.Kernels.KernelBandwidth.Rules;
        if (type == typeof(Estimation.Histograms.BinRule)) return Estimation.Histograms.BinRule.Words;
        return type.IsEnum ? [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)] : null;
    }

    private static string KindOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return "name";
        if (type == typeof(bool)) return "boolean";
        if (type == typeof(Distributions.Distribution)) return "distribution";
        if (type == typeof(Estimation.Kernels.KernelBandwidth) || type == typeof(Estimation.Histograms.BinRule)) return "number or name";
        if (type == typeof(int) || type == typeof(long)) return "integer";
        if (type == typeof(double[])) return "numbers";
        if (type == typeof(Points)) return "points";
        if (type == typeof(double[][])) return "matrix";
        return type == typeof(double[][][]) ? "matrices" : "number";
    }
}
