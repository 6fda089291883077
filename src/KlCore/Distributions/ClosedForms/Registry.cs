using System.Collections.Frozen;

namespace KlCore.Distributions.ClosedForms;

/// <summary>All closed forms there are, by ordered pair of families; a pair that is listed twice fails when the process starts.</summary>
public static class Registry
{
    private static readonly FrozenDictionary<(Type P, Type Q), ClosedForm> ByPair = Lists().SelectMany(list => list).ToFrozenDictionary(form => (form.P, form.Q));

    /// <summary>Every form.</summary>
    public static IReadOnlyCollection<ClosedForm> All => ByPair.Values;

    /// <summary>What is known of a pair of families, or null.</summary>
    public static ClosedForm? Find(Type p, Type q) => ByPair.GetValueOrDefault((p, q));

    // One line for each group of families.
    private static IEnumerable<IEnumerable<ClosedForm>> Lists()
    {
        yield return NormalForms.All;
        yield return LocationForms.All;
        yield return ShapeForms.All;
        yield return MomentForms.All;
        yield return CircleForms.All;
        yield return UnitForms.All;
        yield return IntervalForms.All;
        yield return GammaPowerPairs.All;
        yield return PositiveForms.All;
        yield return PositiveToLineForms.All;
        yield return PositiveFamilyForms.All;
        yield return GompertzForms.All;
        yield return TrialForms.All;
        yield return CountForms.All;
        yield return SupportForms.All;
        yield return VectorForms.All;
    }
}
