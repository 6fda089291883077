namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>(c - D(c)) / N + (sum of all D / N) p': something is taken off every count, and goes to the shorter context.</summary>
internal sealed class Discounting(double[] discounts) : ContextRule
{
    /// <summary>D(1), D(2) and so on; the last one for all larger counts too.</summary>
    public override IReadOnlyList<double> Parameters => discounts;

    public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
    {
        double total = Total(counts), taken = 0;
        foreach (var count in counts) taken += Discount(count);
        for (var i = 0; i < counts.Length; i++) probabilities[i] = (counts[i] - Discount(counts[i]) + taken * lower[i]) / total;
        return taken / total;
    }

    private double Discount(int count) => discounts[Math.Min(count, discounts.Length) - 1];
}
