using KlCore.Divergences;

namespace KlCore.Texts.NGrams;

/// <summary>What a reader should know about a comparison of texts.</summary>
internal static class NGramWarnings
{
    public static IEnumerable<string> Of(NGramDivergence how, NGramCategories categories, NGramEstimate forward, NGramEstimate reverse)
    {
        if (how.Smoothing is NoSmoothing)
        {
            if (!double.IsFinite(forward.Value)) yield return $"q is 0 for {Count(categories.P, categories.Q)} n-grams of p: KL(p || q) is infinite";
            if (!double.IsFinite(reverse.Value)) yield return $"p is 0 for {Count(categories.Q, categories.P)} n-grams of q: KL(q || p) is infinite";
        }

        foreach (var estimate in new[] { forward, reverse })
            if (double.IsFinite(estimate.Value) && estimate.Bias.Total > estimate.Value / 2)
                yield return $"two samples of one and the same language with so many different n-grams would be expected to show a {Name(estimate)} KL of about {estimate.Bias.Total:G3}, where {estimate.Value:G3} was found: take longer texts or a lower order";
    }

    private static string Name(NGramEstimate estimate) => estimate.Direction == Direction.Forward ? "forward" : "reverse";

    private static int Count(double[] own, double[] other) => own.Where((count, i) => count > 0 && other[i] == 0).Count();
}
