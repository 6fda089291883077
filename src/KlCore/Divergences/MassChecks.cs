namespace KlCore.Divergences;

/// <summary>What numbers must be to be a distribution.</summary>
internal static class MassChecks
{
    /// <summary>Adds every number that cannot stand where it stands.</summary>
    public static bool Pass(double[] values, Interpretation how, Problems problems)
    {
        var before = problems.Total;
        if (values.Length == 0) problems.Add("must have at least 1 element, had none");
        var logarithms = how.Input is InputKind.LogProbabilities or InputKind.Logits;
        var nothing = logarithms ? double.NegativeInfinity : 0;
        var any = false;
        for (var i = 0; i < values.Length; i++)
        {
            if (logarithms) CheckScore(values[i], i, problems);
            else CheckWeight(values[i], i, problems);
            any |= values[i] > nothing;
        }

        if (problems.Total == before && !any) problems.Add(logarithms ? "must have at least one finite number" : "must have a positive sum, was all zeros");
        return problems.Total == before;
    }

    /// <summary>Adds a failure if these are probabilities that do not sum to 1.</summary>
    public static bool SumPasses(MassFunction read, Problems problems)
    {
        var sum = Sum(read);
        if (read.How.Input is InputKind.Weights or InputKind.Logits || Math.Abs(sum - 1) <= read.How.Tolerance) return true;
        var what = read.How.Input == InputKind.Probabilities ? "must sum to 1" : "must be logarithms of probabilities that sum to 1";
        problems.Add($"{what} within {read.How.Tolerance:R}, summed to {sum:R}");
        return false;
    }

    /// <summary>The sum of the probabilities as given.</summary>
    public static double Sum(MassFunction read) => read.Scores is { } scores
        ? read.Total.Value * Math.Exp(scores[read.Heaviest])
        : Math.ScaleB(read.Total.Value, -read.Scale);

    private static void CheckWeight(double value, int index, Problems problems)
    {
        if (value >= 0 && double.IsFinite(value)) return;
        problems.At(index).Add(value < 0 ? $"must be at least 0, was {value:R}" : $"must be finite, was {value:R}");
    }

    private static void CheckScore(double value, int index, Problems problems)
    {
        if (double.IsFinite(value) || double.IsNegativeInfinity(value)) return;
        problems.At(index).Add($"must be finite or -Infinity, was {value:R}");
    }
}
