using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>What one category adds to a measure.</summary>
internal interface ITerm
{
    /// <summary>The category's share.</summary>
    double Of(in Cell cell);
}

/// <summary>The one loop over the categories of a pair.</summary>
internal static class Sums
{
    /// <summary>The compensated sum of a term over all categories, in their order.</summary>
    public static double Of<TTerm>(Pair pair, TTerm term) where TTerm : struct, ITerm
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < pair.Count; i++) sum.Add(term.Of(pair[i]));
        return sum.Value;
    }
}
