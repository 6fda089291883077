namespace KlCore.Texts.NGrams;

/// <summary>The categories of a comparison: the n-grams that occur often enough, and one for all others where there are any.</summary>
internal sealed class NGramCategories
{
    private NGramCategories(double[] p, double[] q, int[]? categoryOf, int[]? numbers, int others) =>
        (P, Q, _categoryOf, _numbers, Others) = (p, q, categoryOf, numbers, others);

    private readonly int[]? _categoryOf;
    private readonly int[]? _numbers;

    /// <summary>How often each category occurs in p.</summary>
    public double[] P { get; }

    /// <summary>How often each occurs in q.</summary>
    public double[] Q { get; }

    /// <summary>How many n-grams the last category stands for; 0 where there is none such.</summary>
    public int Others { get; }

    /// <summary>The category of an n-gram.</summary>
    public int CategoryOf(int number) => _categoryOf is null ? number : _categoryOf[number];

    /// <summary>The n-gram of a category; -1 for the one of all others.</summary>
    public int NumberOf(int category) => Others > 0 && category == P.Length - 1 ? -1 : _numbers is null ? category : _numbers[category];

    /// <summary>Sorts the n-grams that occur less often than <paramref name="minimum"/> out.</summary>
    public static NGramCategories Of(NGramCounts counts, int minimum)
    {
        var p = counts.P.Counts(counts.Count);
        var q = counts.Q.Counts(counts.Count);
        if (minimum <= 1) return new NGramCategories(p, q, null, null, 0);
        var categoryOf = new int[counts.Count];
        var numbers = new List<int>();
        for (var i = 0; i < categoryOf.Length; i++)
        {
            categoryOf[i] = p[i] + q[i] >= minimum ? numbers.Count : -1;
            if (categoryOf[i] >= 0) numbers.Add(i);
        }

        var others = counts.Count - numbers.Count;
        var size = numbers.Count + (others > 0 ? 1 : 0);
        var (ofP, ofQ) = (new double[size], new double[size]);
        for (var i = 0; i < categoryOf.Length; i++)
        {
            if (categoryOf[i] < 0) categoryOf[i] = size - 1;
            ofP[categoryOf[i]] += p[i];
            ofQ[categoryOf[i]] += q[i];
        }

        return new NGramCategories(ofP, ofQ, categoryOf, [.. numbers], others);
    }
}
