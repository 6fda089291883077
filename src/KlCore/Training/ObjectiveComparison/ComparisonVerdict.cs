using System.Globalization;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>What a table of objectives says, in words: only what the numbers carry.</summary>
internal sealed class ComparisonVerdict(ComparisonTable table, IReadOnlyList<ObjectiveRow> rows, IReadOnlyList<ScoreDifference> differences, string? asked)
{
    private readonly string? _deciding = asked is not null && table.Scores.Any(score => score.Name == asked) ? asked
        : table.Scores.FirstOrDefault(score => DirectionAdvice.IsFair(score.Name, table.Labels))?.Name;
    private readonly ScoreChoice[] _choices = [.. table.Scores.Select(score => Choose(score.Name, score.LargerIsBetter, rows, differences)).OfType<ScoreChoice>()];

    /// <summary>The recommendation.</summary>
    public Recommendation Recommend()
    {
        var deciding = _choices.FirstOrDefault(choice => choice.Score == _deciding);
        if (deciding is not null)
        {
            return deciding.Ties.Count == 0
                ? For(deciding.Best, deciding.Score, deciding.Evidence)
                : new Recommendation(null, null, deciding.Score, deciding.Evidence, _choices);
        }

        // Best or as good as the best by every score, and by one of them beyond chance.
        var dominant = table.Labels.FirstOrDefault(label =>
            _choices.All(choice => choice.Best == label || choice.Ties.Contains(label)) && _choices.Any(choice => choice.Best == label && choice.Ties.Count == 0));
        if (dominant is not null) return For(dominant, null, $"{dominant} is the best by one score beyond chance, and by no score worse than another beyond chance.");
        var reason = _choices.Any(choice => choice.Ties.Count == 0)
            ? "No objective is best by every score; what matters decides: " + string.Join("; ", _choices.Where(choice => choice.Ties.Count == 0).Select(choice => $"{choice.Best} by {choice.Score}")) + "."
            : "The objectives cannot be told apart by any score.";
        return new Recommendation(null, null, null, reason, _choices);
    }

    /// <summary>The whole in sentences.</summary>
    public string Advise()
    {
        var sentences = new List<string>();
        foreach (var name in rows.SelectMany(row => row.Traits.Keys).Distinct()) sentences.Add(CountsOf(name));
        sentences.AddRange(_choices.Select(choice => choice.Evidence));
        var recommendation = Recommend();
        if (recommendation.Label is { } label) sentences.Add($"Use {label}.");
        else if (!sentences.Contains(recommendation.Reason)) sentences.Add(recommendation.Reason);
        if (DirectionAdvice.Of(table.Labels) is { } meaning) sentences.Add(meaning);
        return string.Join(' ', sentences);
    }

    /// <summary>What makes the numbers less than they look.</summary>
    public List<string> Warn()
    {
        var warnings = new List<string>();
        if (asked is not null && table.Scores.All(score => score.Name != asked))
            warnings.Add($"unknown-score: there is no score \"{asked}\", there are {string.Join(", ", table.Scores.Select(score => score.Name))}; the choice is made without it");
        if (table.Seeds == 1) warnings.Add("one-seed: what one seed gives says nothing about chance, so there are no errors and nothing can be told apart");
        else if (table.Seeds < 5) warnings.Add($"few-seeds: errors come from {table.Seeds} seeds and are themselves uncertain");
        foreach (var row in rows.Where(row => row.Failed > 0))
            warnings.Add($"failed-runs: {row.Failed} of {row.Failed + row.Succeeded} runs of {row.Label} have no result; its means are over the others");
        if (rows.Any(row => row.Scores.Values.Any(score => double.IsInfinity(score.Mean))))
            warnings.Add("infinite: a score is infinite in some run; it has no error and no p-value");
        if (table.Seeds > 1 && differences.Count > 0 && rows.All(row => row.Scores.Values.All(score => score.StandardError is 0)))
            warnings.Add("seeds-change-nothing: every seed gave the same scores, so the differences are facts about this specification and say nothing about others");
        return warnings;
    }

    private Recommendation For(string label, string? score, string reason) =>
        new(rows.First(row => row.Label == label).Objective, label, score, reason, _choices);

    private string CountsOf(string trait)
    {
        var parts = rows.Where(row => row.Traits.ContainsKey(trait)).Select(row =>
            $"{row.Label} is {string.Join(", ", row.Traits[trait].Select(count => $"{count.Key} in {count.Value}"))} of {row.Succeeded} runs");
        return $"By {trait}, {string.Join("; ", parts)}.";
    }

    private static ScoreChoice? Choose(string score, bool largerIsBetter, IReadOnlyList<ObjectiveRow> rows, IReadOnlyList<ScoreDifference> differences)
    {
        var measured = rows.Where(row => row.Scores.ContainsKey(score)).OrderBy(row => largerIsBetter ? -row.Scores[score].Mean : row.Scores[score].Mean).ToArray();
        if (measured.Length < 2) return null;
        var (best, next) = (measured[0], measured[1]);
        string[] ties = [.. measured[1..].Where(other => !Between(best, other).Distinguishable).Select(other => other.Label)];
        var numbers = string.Join(", ", measured.Select(row => $"{row.Label} {Show(row.Scores[score])}"));
        var evidence = ties.Length == 0
            ? $"By {score}, {best.Label} is best beyond chance: {numbers}; {Test(Between(best, next))}."
            : $"By {score}, {string.Join(", ", ties[..^1].Prepend(best.Label))} and {ties[^1]} cannot be told apart: {numbers}; {Test(Between(best, measured.First(row => row.Label == ties[0])))}.";
        return new ScoreChoice(score, largerIsBetter, best.Label, ties, evidence);

        ScoreDifference Between(ObjectiveRow one, ObjectiveRow other) => differences.First(
            pair => pair.Score == score && (pair.First == one.Label && pair.Second == other.Label || pair.First == other.Label && pair.Second == one.Label));
    }

    private static string Show(Experiments.ScoreSummary summary) =>
        summary.StandardError is { } error ? $"{Number(summary.Mean)} ± {error.ToString("G2", CultureInfo.InvariantCulture)}" : Number(summary.Mean);

    private static string Test(ScoreDifference pair)
    {
        if (pair.Difference is not { } difference) return $"over {pair.Pairs} seeds the difference has no value";
        var p = pair.AdjustedPValue switch
        {
            null => "without a p-value",
            < 0.001 => "p < 0.001",
            { } value => $"p = {value.ToString("G2", CultureInfo.InvariantCulture)}",
        };
        return $"over {pair.Pairs} {(pair.Pairs == 1 ? "seed" : "seeds")} {pair.First} and {pair.Second} differ by {Number(Math.Abs(difference))}, {p}";
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
