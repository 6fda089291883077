using System.Text.Json;
using KlCore.Numerics;
using KlCore.Training.Experiments;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>The combinations that a search tries, which depend on its space and seed only, and for how long.</summary>
internal sealed class TrialPlan
{
    private const int Attempts = 100;
    private const int Inspected = 100;

    private readonly SearchSpecification _search;
    private readonly KeyValuePair<string, SearchRange>[] _space;

    private TrialPlan(SearchSpecification search)
    {
        _search = search;
        _space = [.. search.Space];
        Trials = search.Method == SearchMethod.Grid ? Enumerate() : Draw(search.Trials ?? (search.Method == SearchMethod.Random ? 20 : 27));
        Rungs = search.Method == SearchMethod.SuccessiveHalving ? Rung.Halving(Trials.Count, search) : [new Rung(Trials.Count, null)];
    }

    /// <summary>The combinations, each as what it changes.</summary>
    public IReadOnlyList<IReadOnlyList<Change>> Trials { get; }

    /// <summary>How many of them run for how long; a single rung but for successive halving.</summary>
    public IReadOnlyList<Rung> Rungs { get; }

    public static TrialPlan Of(SearchSpecification search) => new(search);

    /// <summary>The specifications of all trials; null with a problem where one is not legal.</summary>
    public List<TrainingSpecification?> Read(ITrainingInputs inputs, Problems problems) => [.. Trials.Select(trial => _search.Specification.Vary(trial, inputs, problems))];

    /// <summary>Adds a problem for every value that is not legal in its place, and for every combination that is not.</summary>
    public void CheckCorners(ITrainingInputs inputs, Problems problems)
    {
        var told = new Problems();
        for (var i = 0; i < _space.Length; i++)
        {
            foreach (var corner in _space[i].Value.Corners())
            {
                Change[] changes = [.. Trials[0]];
                changes[i] = Of(i, corner);
                _search.Specification.Vary(changes, inputs, told);
                if (told.Total >= Problems.Limit) break;
            }
        }

        // Combinations only where each value by itself is fine, or they would all say the same again.
        for (var t = 0; t < Trials.Count && !told.Any; t++) _search.Specification.Vary(Trials[t], inputs, told);
        foreach (var (pointer, messages) in told.ByPointer())
            foreach (var message in messages.Distinct()) new JsonPointer(pointer).From(problems).Add(message);
    }

    /// <summary>Adds a problem where a trial could not read its data.</summary>
    public void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var variants = Read(inputs, problems);
        ExperimentCost.Check(Seconds(variants), Rungs.Sum(rung => rung.Trials), problems.At(_search.Method == SearchMethod.Grid ? "space" : "trials"));
        foreach (var (trial, variant) in Trials.Zip(variants).Take(Inspected))
        {
            var (own, placed) = (new Problems(), new Problems());
            variant?.CheckInputs(inputs, own);
            SpecificationTemplate.Blame(trial, own, placed);
            foreach (var (pointer, messages) in placed.ByPointer())
                foreach (var message in messages.Where(message => told.Add($"{pointer} {message}"))) new JsonPointer(pointer).From(problems).Add(message);
        }
    }

    // Each rung takes its share of the mean trial's time.
    private double? Seconds(List<TrainingSpecification?> variants)
    {
        double?[] each = [.. variants.Select(variant => variant?.Seconds())];
        return Rungs.Sum(rung => rung.Trials * (rung.Budget is { } budget ? (double)budget / _search.Specification.Value.Length!.Amount : 1)) * each.Sum() / each.Count(seconds => seconds is not null);
    }

    // The last member changes fastest.
    private List<IReadOnlyList<Change>> Enumerate()
    {
        List<IReadOnlyList<Change>> trials = [[]];
        for (var i = 0; i < _space.Length; i++)
        {
            var values = _space[i].Value.Grid();
            trials = [.. trials.SelectMany(trial => values.Select(IReadOnlyList<Change> (value) => [.. trial, Of(i, value)]))];
        }

        return trials;
    }

    // A space of few combinations may not have as many as are asked for.
    private List<IReadOnlyList<Change>> Draw(int count)
    {
        var (trials, known) = (new List<IReadOnlyList<Change>>(), new HashSet<string>(StringComparer.Ordinal));
        var most = _space.All(member => member.Value is ValuesRange) ? _space.Aggregate(1.0, (product, member) => product * member.Value.Grid().Count) : double.PositiveInfinity;
        for (long attempt = 0; trials.Count < Math.Min(count, most) && attempt < (long)Attempts * count; attempt++)
        {
            Change[] trial = [.. _space.Select((member, i) => Of(i, member.Value.Draw(new RandomStream(_search.Seed, attempt, $"search {member.Key}"))))];
            if (known.Add(string.Join('\n', trial.Select(change => change.Value.GetRawText())))) trials.Add(trial);
        }

        return trials;
    }

    private Change Of(int member, RangeValue value) =>
        new(new JsonPointer(_space[member].Key), value.Value, problems => value.From(problems.At("space").At(_space[member].Key)));
}

/// <summary>So many trials run for so long.</summary>
/// <param name="Trials">How many.</param>
/// <param name="Budget">The steps, epochs or passes; null where trials run as long as they say.</param>
public sealed record Rung(int Trials, long? Budget)
{
    /// <summary>
    /// n trials for B / f^s, the best n / f of them for B / f^(s-1), and so on until n / f^s run for the whole budget B; s as large as n and the least
    /// budget allow.
    /// </summary>
    internal static IReadOnlyList<Rung> Halving(int trials, SearchSpecification search)
    {
        var (full, rungs) = (search.Specification.Value.Length!.Amount, new List<Rung>());
        for (var (count, budget) = (trials, (double)full); ; count /= search.Factor, budget /= search.Factor)
        {
            rungs.Add(new Rung(count, Math.Max(1, (long)Math.Round(budget))));
            if (count < search.Factor || budget / search.Factor < search.MinimumBudget) break;
        }

        // Counted downwards both: the most trials have the smallest budget.
        return [.. rungs.Zip(rungs.AsEnumerable().Reverse(), (counts, budgets) => new Rung(counts.Trials, budgets.Budget))];
    }

    /// <summary>The member that holds the budget, set to this rung's.</summary>
    internal Change? Change(Budget? length) =>
        Budget is { } budget && length is not null ? new(new JsonPointer(length.Member), JsonSerializer.SerializeToElement(budget), problems => problems.At("specification")) : null;
}
