using System.Reflection;
using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Losses;

/// <summary>Every loss there is, as the attribute lines of <see cref="Loss"/> list them.</summary>
public static class LossCatalogue
{
    /// <summary>All losses in the order of their listing.</summary>
    public static IReadOnlyList<LossEntry> All { get; } =
    [
        .. from listed in typeof(Loss).GetCustomAttributes<JsonDerivedTypeAttribute>()
           let plain = (Loss)Activator.CreateInstance(listed.DerivedType)!
           select new LossEntry((string)listed.TypeDiscriminator!, listed.DerivedType, plain.Describe(), [.. Parameter.Of(plain)]),
    ];

    /// <summary>Every loss with its default parameters; top-k with the 10 likeliest tokens and a bucket for the rest.</summary>
    /// <param name="withLabels">Whether those that need labels are wanted.</param>
    public static IReadOnlyList<Loss> Defaults(bool withLabels) =>
    [
        .. from entry in All
           where withLabels || !entry.Description.NeedsLabels
           select entry.Type == typeof(TopK) ? new TopK { K = 10, Tail = Tail.Bucket } : (Loss)Activator.CreateInstance(entry.Type)!,
    ];

    /// <summary>The name under which a loss is listed.</summary>
    public static string NameOf(Loss loss) => All.First(entry => entry.Type == loss.GetType()).Name;
}

/// <summary>One loss of the catalogue.</summary>
/// <param name="Name">Its discriminator.</param>
/// <param name="Type">Its record.</param>
/// <param name="Description">What is to be known about it.</param>
/// <param name="Parameters">What can be set.</param>
public sealed record LossEntry(string Name, Type Type, LossDescription Description, IReadOnlyList<Parameter> Parameters);
