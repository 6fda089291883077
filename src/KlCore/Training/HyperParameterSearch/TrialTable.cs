using System.Text.Json;
using KlCore.Training.Experiments;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>The runs of a search by rung and trial, and what follows from them.</summary>
internal sealed class TrialTable
{
    private readonly SearchSpecification _search;
    private readonly TrialPlan _plan;
    private readonly IReadOnlyList<FinishedRun> _runs;
    private readonly Score? _score;

    // For each rung: the trials in it with their runs, in the order in which they ran; as far as it has come.
    private readonly List<List<(int Trial, FinishedRun Run)>> _rungs = [];

    public TrialTable(SearchSpecification search, TrialPlan plan, IReadOnlyList<FinishedRun> runs)
    {
        (_search, _plan, _runs) = (search, plan, runs);
        var scores = runs.SelectMany(run => run.Scores);
        _score = search.Score is null ? scores.FirstOrDefault() : scores.FirstOrDefault(score => score.Name == search.Score);
        var first = 0;
        int[] trials = [.. Enumerable.Range(0, plan.Trials.Count)];
        foreach (var rung in plan.Rungs)
        {
            trials = trials[..Math.Min(trials.Length, rung.Trials)];
            _rungs.Add([.. trials.Zip(runs.Skip(first), (trial, run) => (trial, run))]);
            first += rung.Trials;
            if (runs.Count < first) break;
            trials = [.. Ranked(_rungs[^1]).Where(entry => Value(entry.Run) is not null).Select(entry => entry.Trial)];
        }
    }

    /// <summary>The trial that a run of a rung is of, once the rung before is over; null where too few succeeded there.</summary>
    public int? TrialAt(int index)
    {
        var (first, rung) = (0, 0);
        while (index >= first + _plan.Rungs[rung].Trials) first += _plan.Rungs[rung++].Trials;
        if (rung == 0) return index;
        int[] promoted = [.. Ranked(_rungs[rung - 1]).Where(entry => Value(entry.Run) is not null).Select(entry => entry.Trial)];
        return index - first < promoted.Length ? promoted[index - first] : null;
    }

    /// <summary>The best trial of the longest runs so far; null if none succeeded.</summary>
    public int? Best() => BestEntry()?.Trial;

    /// <summary>Its score.</summary>
    public double? BestScore() => BestEntry() is { } best ? Value(best.Run) : null;

    /// <summary>The score of the run before the present one.</summary>
    public double? LastScore() => _runs.Count > 0 ? Value(_runs[^1]) : null;

    /// <summary>Throws if the runs have scores and the one that was asked for is not among them: no use in going on.</summary>
    public void RequireScore()
    {
        if (_score is not null || _search.Score is not { } asked || _runs.FirstOrDefault(run => run.Failure is null) is not { } run) return;
        throw new NotComputableException("unknown-score", $"The results have no score \"{asked}\"; they have {string.Join(", ", run.Scores.Select(score => score.Name))}.");
    }

    /// <summary>Everything, when all runs are over.</summary>
    public SearchResult Result(IReadOnlyList<long> confirmSeeds)
    {
        if (_score is null || BestEntry() is not { } best) throw new NotComputableException("no-scores", "No run has a score that trials could be compared by.");
        Trial[] trials = [.. Longest().Select(Describe)];
        var confirmation = Confirm(confirmSeeds, Value(best.Run)!.Value);
        var importance = ImportanceOf.Members([.. _search.Space], _plan.Trials, [.. _rungs[0].Select(entry => Value(entry.Run))], _score.LargerIsBetter, _search.Seed);
        // Where every run of the last rung failed, the winner is of a shorter one, and so is the specification that gives it again.
        Change?[] shortened = best.Rung < _plan.Rungs.Count - 1 ? [_plan.Rungs[best.Rung].Change(_search.Specification.Value.Length)] : [];
        var winner = new BestTrial(
            best.Trial + 1, Value(best.Run)!.Value, Values(best.Trial), _search.Specification.With([.. _plan.Trials[best.Trial], .. shortened.OfType<Change>()]));
        var verdict = new SearchVerdict(_search, _score, winner, trials, importance, confirmation);
        return new SearchResult(
            _score.Name, _score.LargerIsBetter, winner, trials, importance, _plan.Rungs.Count > 1 ? _plan.Rungs : null, confirmation, verdict.Advise(), verdict.Warn());
    }

    private (int Rung, int Trial, FinishedRun Run)? BestEntry()
    {
        for (var rung = _rungs.Count - 1; rung >= 0; rung--)
        {
            var succeeded = Ranked(_rungs[rung]).Where(entry => Value(entry.Run) is not null).ToArray();
            if (succeeded.Length > 0) return (rung, succeeded[0].Trial, succeeded[0].Run);
        }

        return null;
    }

    // Best first, what has no score last, equal ones in their order.
    private IEnumerable<(int Trial, FinishedRun Run)> Ranked(IEnumerable<(int Trial, FinishedRun Run)> entries) =>
        entries.OrderBy(entry => Value(entry.Run) is { } value ? _score!.LargerIsBetter ? -value : value : double.NaN, Comparer<double>.Create(NanLast)).ThenBy(entry => entry.Trial);

    private static int NanLast(double one, double other) =>
        double.IsNaN(one) || double.IsNaN(other) ? double.IsNaN(one).CompareTo(double.IsNaN(other)) : one.CompareTo(other);

    private double? Value(FinishedRun run) => _score is null ? null : run.ScoreOf(_score.Name);

    // Each trial once, with its longest run: those of the last rung first.
    private IEnumerable<(int Rung, int Trial, FinishedRun Run)> Longest()
    {
        var known = new HashSet<int>();
        for (var rung = _rungs.Count - 1; rung >= 0; rung--)
        {
            foreach (var (trial, run) in Ranked(_rungs[rung]))
                if (!run.IsSkipped && known.Add(trial)) yield return (rung, trial, run);
        }
    }

    private Trial Describe((int Rung, int Trial, FinishedRun Run) entry) => new(
        entry.Trial + 1,
        Values(entry.Trial),
        Value(entry.Run),
        entry.Run.Scores.ToDictionary(score => score.Name, score => score.Value),
        _plan.Rungs[entry.Rung].Budget,
        entry.Run.Steps,
        entry.Run.Failure);

    private Dictionary<string, JsonElement> Values(int trial) => _plan.Trials[trial].ToDictionary(change => change.Pointer.Text, change => change.Value);

    private Confirmation? Confirm(IReadOnlyList<long> seeds, double won)
    {
        if (seeds.Count == 0) return null;
        FinishedRun[] runs = [.. _runs.Skip(_plan.Rungs.Sum(rung => rung.Trials))];
        var summary = ScoreSummary.Of([.. runs.Select(Value).OfType<double>()]);
        double? optimism = summary is { Mean: var mean } && double.IsFinite(mean) && double.IsFinite(won) ? _score!.LargerIsBetter ? won - mean : mean - won : null;
        return new Confirmation(seeds, runs.Count(run => run.Failure is not null), summary, optimism);
    }
}
