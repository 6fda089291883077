using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Recommendations;

/// <summary>
/// Calibrated recommendation: a list whose genres are as mixed as those of what a user liked. The divergence is C = KL(p || q~) of the genres p of the history from
/// those q of the list, q~ = (1 - alpha) q + alpha p; the list makes (1 - lambda) sum of scores - lambda C large, one place after the other.
/// Source: H. Steck, "Calibrated recommendations", RecSys 2018.
/// </summary>
public sealed record Calibration : IChecked
{
    private const int Most = 100_000;

    /// <summary>What the user liked.</summary>
    public required IReadOnlyList<LikedItem> History { get; init; }

    /// <summary>The genres of each item by the item's name: non-negative weights by the genre's name, divided by their sum.</summary>
    [Finite]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Items { get; init; }

    /// <summary>What may be recommended, each once.</summary>
    public required IReadOnlyList<ScoredItem> Candidates { get; init; }

    /// <summary>How much calibration counts against scores: 0 ranks by score alone, 1 by calibration alone.</summary>
    [Range(0.0, 1.0)]
    public double Lambda { get; init; } = 0.5;

    /// <summary>The share of p in q~, which keeps the divergence finite where the list lacks a genre; with 0 it is infinite there.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Alpha { get; init; } = 0.01;

    /// <summary>How many items are recommended; fewer where there are fewer candidates.</summary>
    [Range(1, 1000)]
    public int ListLength { get; init; } = 10;

    /// <summary>How much each place of the list counts in q, the first place first; unless stated all alike.</summary>
    [Finite]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? PlaceWeights { get; init; }

    /// <summary>Whether the best list of all is found too, by trying every set of candidates; for few of them and places that count alike.</summary>
    public bool Exact { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        CheckItems(problems.At("items"));
        CheckHistory(problems.At("history"));
        CheckCandidates(problems.At("candidates"));
        if (PlaceWeights is null) return;
        if (PlaceWeights.Length != ListLength) problems.Add("placeWeights", $"must have one weight for each of the {ListLength} places, had {PlaceWeights.Length}");
        for (var i = 0; i < PlaceWeights.Length; i++)
            if (!(PlaceWeights[i] > 0 && PlaceWeights[i] <= 1e15)) problems.At("placeWeights").At(i).Add($"must be greater than 0 and at most 1E+15, was {PlaceWeights[i]:R}");
        if (Exact) problems.Add("exact", "must be false with placeWeights: which place an item has would matter");
    }

    /// <summary>Ranks by score, and again with calibration.</summary>
    /// <param name="cancellation">Stops what takes long.</param>
    /// <exception cref="InvalidInputException">With every failure.</exception>
    /// <exception cref="TooCostlyException">It would take too long.</exception>
    public CalibrationAnswer Rank(CancellationToken cancellation = default)
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        return CalibratedRanking.Of(this, cancellation);
    }

    private void CheckItems(Problems problems)
    {
        if (Items.Count > Most) problems.Add($"must have at most {Most} items, had {Items.Count}");
        foreach (var (name, genres) in Items)
        {
            var at = problems.At(name);
            foreach (var (genre, weight) in genres)
                if (!(weight >= 0 && weight <= 1e15)) at.At(genre).Add($"must be at least 0 and at most 1E+15, was {weight:R}");
            if (genres.Values.All(weight => weight == 0)) at.Add(genres.Count == 0 ? "must have at least 1 genre, had none" : "must have a genre of positive weight, had none");
        }
    }

    private void CheckHistory(Problems problems)
    {
        if (History.Count == 0 || History.Count > Most) problems.Add($"must have 1 to {Most} items, had {History.Count}");
        for (var i = 0; i < History.Count; i++)
        {
            if (!Items.ContainsKey(History[i].Item)) problems.At(i).Add("item", "must be among the items, is not");
            if (!(History[i].Weight >= 0 && History[i].Weight <= 1e15)) problems.At(i).Add("weight", $"must be at least 0 and at most 1E+15, was {History[i].Weight:R}");
        }

        if (History.Count > 0 && History.All(liked => liked.Weight == 0)) problems.Add("must have an item of positive weight, had none");
    }

    private void CheckCandidates(Problems problems)
    {
        if (Candidates.Count == 0 || Candidates.Count > Most) problems.Add($"must have 1 to {Most} items, had {Candidates.Count}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Candidates.Count; i++)
        {
            if (!Items.ContainsKey(Candidates[i].Item)) problems.At(i).Add("item", "must be among the items, is not");
            else if (!seen.Add(Candidates[i].Item)) problems.At(i).Add("item", "must differ from the candidates before it");
            if (!(Math.Abs(Candidates[i].Score) <= 1e15)) problems.At(i).Add("score", $"must be at most 1E+15 in magnitude, was {Candidates[i].Score:R}");
        }
    }
}

/// <summary>An item that a user liked.</summary>
public sealed record LikedItem
{
    /// <summary>Its name among the items.</summary>
    public required string Item { get; init; }

    /// <summary>How much it counts, for example less the longer ago it was.</summary>
    [Range(0.0, 1e15)]
    public double Weight { get; init; } = 1;
}

/// <summary>An item that may be recommended.</summary>
public sealed record ScoredItem
{
    /// <summary>Its name among the items.</summary>
    public required string Item { get; init; }

    /// <summary>What the recommender thinks of it; larger is better.</summary>
    [Range(-1e15, 1e15)]
    public required double Score { get; init; }
}
