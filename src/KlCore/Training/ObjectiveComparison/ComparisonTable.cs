using KlCore.Charts;
using KlCore.Numerics;
using KlCore.Training.Experiments;

namespace KlCore.Training.ObjectiveComparison;

/// <summary>The runs of a comparison by objective and seed, and what follows from them.</summary>
internal sealed class ComparisonTable(IReadOnlyList<string> labels, IReadOnlyList<long> seeds, IReadOnlyList<FinishedRun> runs)
{
    /// <summary>The names of all scores, those of the first objectives first, and whether larger is better.</summary>
    public IReadOnlyList<Score> Scores { get; } = [.. runs.SelectMany(run => run.Scores).DistinctBy(score => score.Name)];

    /// <summary>The labels of the objectives.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>How many seeds each objective was run on.</summary>
    public int Seeds => seeds.Count;

    /// <summary>Everything.</summary>
    public ObjectiveComparisonResult Result(ObjectiveComparisonSpecification specification)
    {
        ObjectiveRow[] rows = [.. labels.Select((label, i) => Row(specification, label, i))];
        var differences = Differences();
        var verdict = new ComparisonVerdict(this, rows, differences, specification.Score);
        return new ObjectiveComparisonResult(
            rows, differences, verdict.Recommend(), verdict.Advise(), [.. runs.Select(Run)], [.. labels.Select(Losses)], Overlay(), verdict.Warn());
    }

    private ObjectiveRow Row(ObjectiveComparisonSpecification specification, string label, int objective)
    {
        FinishedRun[] own = [.. Of(objective)];
        var scores = new Dictionary<string, ScoreSummary>();
        foreach (var score in Scores)
        {
            double[] values = [.. own.Select(run => run.ScoreOf(score.Name)).OfType<double>()];
            if (ScoreSummary.Of(values) is { } summary) scores.Add(score.Name, summary);
        }

        var traits = own.SelectMany(run => run.Traits).GroupBy(trait => trait.Name).ToDictionary(
            named => named.Key,
            IReadOnlyDictionary<string, int> (named) => named.GroupBy(trait => trait.Value).OrderByDescending(group => group.Count()).ToDictionary(group => group.Key, group => group.Count()));
        return new ObjectiveRow(specification.Objectives[objective], label, own.Count(run => run.Failure is null), own.Count(run => run.Failure is not null), scores, traits);
    }

    private List<ScoreDifference> Differences()
    {
        var all = new List<ScoreDifference>();
        foreach (var score in Scores)
        {
            var pairs = new List<ScoreDifference>();
            for (var i = 0; i < labels.Count; i++)
                for (var j = i + 1; j < labels.Count; j++) pairs.Add(ScoreDifference.Of(score.Name, labels[i], labels[j], Pairs(score.Name, i, j)));
            all.AddRange(Holm.Adjust([.. pairs.Select(pair => pair.PValue)]).Zip(pairs, (value, pair) => pair.Adjusted(value)));
        }

        return all;
    }

    private List<(double First, double Second)> Pairs(string score, int first, int second) =>
    [
        .. Of(first).Zip(Of(second), (one, other) => (one.ScoreOf(score), other.ScoreOf(score)))
            .Where(pair => pair is { Item1: not null, Item2: not null }).Select(pair => (pair.Item1!.Value, pair.Item2!.Value)),
    ];

    // Seed by seed.
    private IEnumerable<FinishedRun> Of(int objective) => runs.Where((_, index) => index % labels.Count == objective);

    private ObjectiveRun Run(FinishedRun run, int index) => new(
        labels[index % labels.Count],
        seeds[index / labels.Count],
        run.Steps,
        run.Scores.ToDictionary(score => score.Name, score => score.Value),
        run.Traits.ToDictionary(trait => trait.Name, trait => trait.Value),
        run.Failure);

    private ObjectiveLosses Losses(string label, int objective)
    {
        LossCurve[] curves = [.. Of(objective).Where(run => run.Failure is null).Select(run => run.Losses)];
        var steps = curves.Length == 0 ? [] : curves[0].Steps.Where(step => curves.All(curve => curve.Steps.Contains(step))).ToArray();
        double[][] values = [.. steps.Select(step => curves.Select(curve => curve.Values[curve.Steps.IndexOf(step)]).ToArray())];
        return new ObjectiveLosses(label, steps, [.. values.Select(at => at.Average())], [.. values.Select(at => at.Min())], [.. values.Select(at => at.Max())]);
    }

    private Chart? Overlay()
    {
        if (runs.FirstOrDefault(run => run.Overlay is not null)?.Overlay is not { } first) return null;
        var series = new List<Series>(first.Ground.Series);
        for (var i = 0; i < labels.Count; i++)
        {
            if (Of(i).FirstOrDefault(run => run.Overlay is not null)?.Overlay is not { } overlay) continue;
            series.AddRange(overlay.Own.Select(own => own with { Name = overlay.Own.Count == 1 ? labels[i] : $"{labels[i]}: {own.Name}" }));
        }

        return first.Ground with { Title = "The first result of each objective", Series = series, Description = $"What {string.Join(", ", labels)} gave in the first run that succeeded." };
    }
}
