using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>The pictures of a search.</summary>
internal static class SearchCharts
{
    /// <summary>What the chart of a member is called: its pointer in letters that a path may have.</summary>
    public static string NameOf(string member) => new([.. member.TrimStart('/').Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')]);

    /// <summary>Score by trial, and the best so far.</summary>
    public static Chart? Trials(ReadOnlyMemory<byte>? result)
    {
        if (Read(result) is not { } read) return null;
        var scored = read.Trials.Where(trial => trial.Score is not null).OrderBy(trial => trial.Number).ToArray();
        double[] numbers = [.. scored.Select(trial => (double)trial.Number)], scores = [.. scored.Select(trial => trial.Score!.Value)];
        var best = new double[scores.Length];
        for (var i = 0; i < best.Length; i++) best[i] = i == 0 ? scores[0] : read.LargerIsBetter ? Math.Max(best[i - 1], scores[i]) : Math.Min(best[i - 1], scores[i]);
        return new Chart("Score by trial", new Axis("trial"), Scale(read.Score, scores), [new Series(read.Score, SeriesKind.Points, numbers, scores), new Series("best so far", SeriesKind.Line, numbers, best)])
        {
            Description = read.Advice,
        };
    }

    /// <summary>The best so far, while the search goes on.</summary>
    public static Chart? Best(IReadOnlyDictionary<string, MetricHistory> history)
    {
        if (!history.TryGetValue("best", out var best) || best.Values.Count == 0) return null;
        return new Chart("Best score so far", new Axis("step of the search"), Scale("score", best.Values), [new Series("best so far", SeriesKind.Line, [.. best.Steps.Select(step => (double)step)], best.Values)]);
    }

    /// <summary>Score by the value of one member.</summary>
    public static Chart? Member(ReadOnlyMemory<byte>? result, string member, SearchRange range)
    {
        if (Read(result) is not { } read) return null;
        var scored = read.Trials.Where(trial => trial.Score is not null).ToArray();
        JsonElement[] values = [.. scored.Select(trial => trial.Values[member])];
        var numeric = values.All(value => value.ValueKind == JsonValueKind.Number);
        string[] names = numeric ? [] : [.. ((ValuesRange)range).Values.Select(value => value.GetRawText())];
        double[] x = [.. values.Select(value => numeric ? value.GetDouble() : Array.IndexOf(names, value.GetRawText()))];
        double[] scores = [.. scored.Select(trial => trial.Score!.Value)];
        var logarithmic = numeric && x.Length > 0 && (range.IsLogarithmic || x.Min() > 0 && x.Max() >= 100 * x.Min());
        var axis = numeric ? new Axis(member, logarithmic) : new Axis(member) { Categories = names };
        var winner = Array.FindIndex(scored, trial => trial.Number == read.Best.Trial);
        return new Chart($"Score by {member}", axis, Scale(read.Score, scores),
            [new Series("trials", SeriesKind.Points, x, scores), new Series("best", SeriesKind.Points, [x[winner]], [scores[winner]])])
        {
            Description = $"The score {read.Score} of {scored.Length} trials; the best has {read.Best.Values[member].GetRawText()}.",
        };
    }

    private static Axis Scale(string score, IReadOnlyList<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return new Axis(score, finite.Length > 0 && finite.Min() > 0 && finite.Max() > 30 * finite.Min());
    }

    private static SearchResult? Read(ReadOnlyMemory<byte>? result) =>
        result is { } json ? ReportJson.Read<SearchResult>(json) : null;
}
