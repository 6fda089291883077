using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Distributions;

/// <summary>Every family there is, as the attribute lines of <see cref="Distribution"/> list them.</summary>
public static class FamilyCatalogue
{
    /// <summary>All families in the order of their listing.</summary>
    public static IReadOnlyList<FamilyEntry> All { get; } =
    [
        .. from listed in typeof(Distribution).GetCustomAttributes<JsonDerivedTypeAttribute>()
           let plain = (Distribution)RuntimeHelpers.GetUninitializedObject(listed.DerivedType)
           select new FamilyEntry((string)listed.TypeDiscriminator!, listed.DerivedType, plain.Describe(), [.. Parameter.Of(plain)]),
    ];

    /// <summary>The name under which a family is listed.</summary>
    public static string NameOf(Type family) => All.First(entry => entry.Type == family).Name;
}

/// <summary>One family of the catalogue.</summary>
/// <param name="Name">Its discriminator.</param>
/// <param name="Type">Its record.</param>
/// <param name="Description">What is to be known about it.</param>
/// <param name="Parameters">What must be given.</param>
public sealed record FamilyEntry(string Name, Type Type, Family Description, IReadOnlyList<Parameter> Parameters)
{
    /// <summary>Whether a point is a single number, whatever the parameters are.</summary>
    public bool IsUnivariate { get; } = typeof(Univariate).IsAssignableFrom(Type);
}
