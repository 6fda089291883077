using KlCore.Divergences;

namespace KlCore.Training.Policy;

/// <summary>A reference policy over some choices, as it may be given.</summary>
internal static class ReferencePolicy
{
    /// <summary>Adds a problem for what is no distribution with all choices possible.</summary>
    public static void Check(double[]? reference, int count, InputKind input, Problems problems)
    {
        if (reference is null) return;
        if (reference.Length != count)
        {
            problems.Add($"must have {count} elements, had {reference.Length}");
            return;
        }

        if (MassFunction.TryRead(reference, new Interpretation { Input = input }, problems) is not { } mass) return;
        for (var i = 0; i < count; i++)
            if (!mass.IsPossible(i)) problems.At(i).Add("must be possible: a policy that begins at the reference never tries what has no probability there");
    }

    /// <summary>ln of each choice's probability.</summary>
    public static double[] Logs(double[]? reference, int count, InputKind input)
    {
        if (reference is null) return [.. Enumerable.Repeat(-Math.Log(count), count)];
        var mass = MassFunction.TryRead(reference, new Interpretation { Input = input }, new Problems())!;
        return [.. Enumerable.Range(0, count).Select(mass.LogMass)];
    }
}
