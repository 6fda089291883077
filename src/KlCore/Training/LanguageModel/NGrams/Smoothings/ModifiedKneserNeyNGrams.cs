namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// Kneser-Ney with three discounts at each order, for counts of 1, of 2, and of 3 or more: 1 - 2Y n2/n1, 2 - 3Y n3/n2 and 3 - 4Y n4/n3 with Y = n1 / (n1 + 2 n2). Where too little was
/// counted for that, 0.5, 1 and 1.5.
/// </summary>
/// <remarks>Chen and Goodman (1999), who found it best; the fallback is KenLM's.</remarks>
public sealed record ModifiedKneserNeyNGrams : NGramSmoothing
{
    internal override bool UsesContinuations => true;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Discounting(Discounts(facts.CountsOfCounts) ?? [0.5, 1, 1.5]);

    private static double[]? Discounts(long[] counted)
    {
        if (counted.AsSpan(1, 4).Contains(0)) return null;
        var y = (double)counted[1] / (counted[1] + 2 * counted[2]);
        var discounts = new double[3];
        for (var count = 1; count <= 3; count++)
        {
            discounts[count - 1] = count - (count + 1) * y * counted[count + 1] / counted[count];
            if (!(discounts[count - 1] > 0)) return null;
        }

        return discounts;
    }
}
