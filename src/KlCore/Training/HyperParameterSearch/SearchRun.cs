using KlCore.Training.Experiments;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>A search in progress: rung by rung, then the winner on fresh seeds.</summary>
internal sealed class SearchRun : ExperimentRun
{
    private readonly SearchSpecification _search;
    private readonly TrialPlan _plan;
    private readonly IReadOnlyList<TrainingSpecification?> _variants;
    private readonly IReadOnlyList<long> _confirmSeeds;
    private readonly ITrainingInputs _inputs;
    private int _told;
    private double? _last, _best;

    public SearchRun(SearchSpecification search, TrialPlan plan, IReadOnlyList<TrainingSpecification?> variants, ITrainingInputs inputs) : base(inputs)
    {
        (_search, _plan, _variants, _inputs) = (search, plan, variants, inputs);
        _confirmSeeds = search.ConfirmSeeds?.After(search.Specification.Value.Seed) ?? [];
        var full = (double)(search.Specification.Value.Length?.Amount ?? 1);
        Lengths =
        [
            .. plan.Rungs.SelectMany(rung => Enumerable.Range(0, rung.Trials).Select(i => (rung.Budget ?? LengthOf(i)) / full)),
            .. _confirmSeeds.Select(_ => 1.0),
        ];
    }

    protected override IReadOnlyList<double> Lengths { get; }

    protected override int Independent => _plan.Rungs[0].Trials;

    protected override TrainingSpecification? Plan(int index)
    {
        var table = new TrialTable(_search, _plan, Finished);
        var first = 0;
        foreach (var rung in _plan.Rungs)
        {
            if (index < first + rung.Trials) return table.TrialAt(index) is { } trial ? At(trial, rung) : null;
            first += rung.Trials;
        }

        return table.Best() is { } best ? _variants[best]! with { Seed = _confirmSeeds[index - first] } : null;
    }

    protected override IEnumerable<KeyValuePair<string, double>> Tell(int index, IReadOnlyList<KeyValuePair<string, double>> metrics)
    {
        yield return new("run", index + 1);
        foreach (var metric in metrics.Where(metric => metric.Key == "loss")) yield return metric;
        if (_told != Finished.Count)
        {
            var table = new TrialTable(_search, _plan, Finished);
            table.RequireScore();
            (_told, _last, _best) = (Finished.Count, table.LastScore(), table.BestScore());
        }

        if (_last is { } last) yield return new("score", last);
        if (_best is { } best) yield return new("best", best);
    }

    protected override TrainingOutcome Conclude()
    {
        var result = new TrialTable(_search, _plan, Finished).Result(_confirmSeeds);
        return new TrainingOutcome(result, [ReportJson.Report(result)]);
    }

    private long LengthOf(int trial) => _variants[trial]?.Length?.Amount ?? 1;

    private TrainingSpecification At(int trial, Rung rung)
    {
        if (rung.Change(_search.Specification.Value.Length) is not { } change) return _variants[trial]!;
        var problems = new Problems();
        var shortened = _search.Specification.Vary([.. _plan.Trials[trial], change], _inputs, problems);
        problems.ThrowIfAny();
        return shortened!;
    }
}
