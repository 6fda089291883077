using System.Globalization;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>What a search found, in words, and what it is worth.</summary>
internal sealed class SearchVerdict(
    SearchSpecification search, Score score, BestTrial best, IReadOnlyList<Trial> trials, IReadOnlyList<Importance> importance, Confirmation? confirmation)
{
    /// <summary>The whole in sentences.</summary>
    public string Advise()
    {
        var values = string.Join(", ", best.Values.Select(value => $"{value.Key} = {value.Value.GetRawText()}"));
        var sentences = new List<string>
        {
            $"Trial {best.Trial} of {trials.Count} is the best by {score.Name}, of which {(score.LargerIsBetter ? "more" : "less")} is better: {Number(best.Score)}, with {values}.",
        };
        if (Rivals() is { Length: > 0 } rivals) sentences.Add(rivals);
        sentences.AddRange(importance.Where(member => member.PValue < 0.05).Take(3).Select(member =>
            $"{member.Member} by itself goes with {100 * member.Share:0} % of the ranking (p = {Number(member.PValue)})."));
        if (confirmation is { Score: { } confirmed, Optimism: { } optimism })
        {
            var error = confirmed.StandardError is { } deviation ? $" ± {deviation.ToString("G2", CultureInfo.InvariantCulture)}" : "";
            sentences.Add($"On {confirmed.Count} fresh seeds it has {Number(confirmed.Mean)}{error}: the score that won was {(optimism >= 0 ? "better" : "worse")} by {Number(Math.Abs(optimism))}.");
        }
        else
        {
            sentences.Add("The score that won was chosen for being the best, so it is better than the same values would have on fresh data or seeds; confirmSeeds measures by how much on seeds.");
        }

        return string.Join(' ', sentences);
    }

    /// <summary>What makes the result less than it looks.</summary>
    public List<string> Warn()
    {
        var warnings = new List<string> { $"selection: the best of {trials.Count} scores is better than the same values deserve; report a score on data and seeds that had no part in the search" };
        foreach (var (member, range) in search.Space)
            if (range.IsAtEnd(best.Values[member]) == true) warnings.Add($"edge: the best {member}, {best.Values[member].GetRawText()}, is at an end of its interval; better ones may lie beyond");
        var failed = trials.Count(trial => trial.Failure is not null);
        if (failed > 0) warnings.Add($"failed-trials: {failed} of {trials.Count} trials have no result; their lines say why");
        if (search.Method != SearchMethod.Grid && trials.Count < (search.Trials ?? 0)) warnings.Add($"small-space: there are only {trials.Count} different combinations");
        if (confirmation is { Failed: > 0 }) warnings.Add($"failed-confirmation: {confirmation.Failed} of {confirmation.Seeds.Count} runs on fresh seeds have no result");
        if (importance.Count == 0 && trials.Count > 1) warnings.Add("no-importance: fewer than 8 trials succeeded, or all scored alike, so nothing is said of which member matters");
        return warnings;
    }

    // How many trials are as good for all that one seed can tell; known only where fresh seeds showed the spread.
    private string Rivals()
    {
        if (confirmation?.Score is not { StandardError: { } error, Count: var count } || !double.IsFinite(best.Score)) return "";
        var spread = error * Math.Sqrt(count);
        var close = trials.Count(trial => trial.Number != best.Trial && trial.Score is { } other && Math.Abs(other - best.Score) <= 2 * spread);
        return close == 0 ? "" : $"{close} other trials are within twice the spread from seed to seed ({Number(spread)}): they may be as good.";
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
