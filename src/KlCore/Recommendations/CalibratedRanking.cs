using KlCore.Numerics;

namespace KlCore.Recommendations;

/// <summary>The genres of history and candidates as arrays, and the lists made of them.</summary>
internal sealed class CalibratedRanking
{
    // Terms of divergences that one request may ask for; about a hundred million a second are found.
    private const double MostTerms = 1e9;
    private const double MostSets = 1e6;

    private readonly Calibration _how;
    private readonly string[] _genres;
    private readonly double[] _liked;
    private readonly int[] _possible;
    private readonly (int Genre, double Share)[][] _candidates;

    private CalibratedRanking(Calibration how)
    {
        _how = how;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in how.History.Select(liked => liked.Item).Concat(how.Candidates.Select(candidate => candidate.Item)))
            foreach (var genre in how.Items[name].Keys) numbers.TryAdd(genre, numbers.Count);
        _genres = [.. numbers.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
        _candidates = [.. how.Candidates.Select(candidate => Shares(how.Items[candidate.Item], numbers))];
        _liked = new double[_genres.Length];
        var total = how.History.Sum(liked => liked.Weight);
        foreach (var liked in how.History)
            foreach (var (genre, share) in Shares(how.Items[liked.Item], numbers)) _liked[genre] += liked.Weight / total * share;
        _possible = [.. Enumerable.Range(0, _liked.Length).Where(genre => _liked[genre] > 0)];
    }

    private int Length => Math.Min(_how.ListLength, _candidates.Length);

    /// <summary>Both lists, and the best of all where it was asked for.</summary>
    public static CalibrationAnswer Of(Calibration how, CancellationToken cancellation)
    {
        var ranking = new CalibratedRanking(how);
        var terms = (double)how.Candidates.Count * ranking.Length * ranking._possible.Length;
        if (terms > MostTerms) throw new TooCostlyException($"Candidates times places times genres may be at most {MostTerms:G3}, were {terms:G3}.");
        int[] byScore = [.. Enumerable.Range(0, how.Candidates.Count).OrderByDescending(i => how.Candidates[i].Score).ThenBy(i => i)];
        var before = ranking.Describe(byScore[..ranking.Length]);
        var after = ranking.Describe(ranking.Greedy(byScore, cancellation));
        return new CalibrationAnswer
        {
            Liked = ranking.Named(ranking._liked),
            Before = before,
            After = after,
            Best = how.Exact ? ranking.Describe(ranking.Best(byScore, cancellation)) : null,
        };
    }

    private static (int, double)[] Shares(IReadOnlyDictionary<string, double> weights, Dictionary<string, int> numbers)
    {
        var largest = weights.Values.Max();
        var total = weights.Values.Sum(weight => weight / largest);
        return [.. weights.Where(entry => entry.Value > 0).Select(entry => (numbers[entry.Key], entry.Value / largest / total))];
    }

    /// <summary>Place after place the candidate that makes the list so far best; of equal ones the one of the higher score.</summary>
    private int[] Greedy(int[] byScore, CancellationToken cancellation)
    {
        var left = byScore.ToList();
        var chosen = new List<int>();
        var (sums, weight, scores) = (new double[_genres.Length], 0.0, 0.0);
        var kept = new double[_genres.Length];
        while (chosen.Count < Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var place = PlaceWeight(chosen.Count);
            var (best, value) = (0, double.NegativeInfinity);
            for (var i = 0; i < left.Count; i++)
            {
                var shares = _candidates[left[i]];
                // What was there is put back as it was, so that equal candidates stay equal to the last digit.
                for (var k = 0; k < shares.Length; k++) (kept[k], sums[shares[k].Genre]) = (sums[shares[k].Genre], sums[shares[k].Genre] + (place * shares[k].Share));
                var with = Objective(scores + _how.Candidates[left[i]].Score, sums, weight + place);
                for (var k = 0; k < shares.Length; k++) sums[shares[k].Genre] = kept[k];
                if (with > value) (best, value) = (i, with);
            }

            chosen.Add(left[best]);
            left.RemoveAt(best);
            (sums, weight, scores) = (Sums(chosen), weight + place, scores + _how.Candidates[chosen[^1]].Score);
        }

        return [.. chosen];
    }

    /// <summary>Every set of so many candidates, in the order of scores.</summary>
    private int[] Best(int[] byScore, CancellationToken cancellation)
    {
        var sets = 1.0;
        for (var i = 0; i < Length; i++) sets *= (double)(byScore.Length - i) / (i + 1);
        if (sets > MostSets) throw new TooCostlyException($"The best of all lists is found among at most {MostSets:G3} sets of candidates, there are {sets:G3}; leave exact out.");
        var set = Enumerable.Range(0, Length).ToArray();
        var (best, value) = (set.ToArray(), double.NegativeInfinity);
        for (var tried = 0; ; tried++)
        {
            if (tried % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            int[] list = [.. set.Select(place => byScore[place])];
            var objective = Objective(list.Sum(i => _how.Candidates[i].Score), Sums(list), Length);
            if (objective > value) (best, value) = (list, objective);
            if (!Next(set, byScore.Length)) return best;
        }
    }

    private static bool Next(int[] set, int count)
    {
        var last = set.Length - 1;
        while (last >= 0 && set[last] == count - set.Length + last) last--;
        if (last < 0) return false;
        set[last]++;
        for (var i = last + 1; i < set.Length; i++) set[i] = set[i - 1] + 1;
        return true;
    }

    private double PlaceWeight(int place) => _how.PlaceWeights?[place] ?? 1;

    private double[] Sums(IReadOnlyList<int> list)
    {
        var sums = new double[_genres.Length];
        for (var place = 0; place < list.Count; place++)
            foreach (var (genre, share) in _candidates[list[place]]) sums[genre] += PlaceWeight(place) * share;
        return sums;
    }

    // With lambda 0 an infinite divergence counts for nothing.
    private double Objective(double scores, double[] sums, double weight) =>
        _how.Lambda == 0 ? scores : ((1 - _how.Lambda) * scores) - (_how.Lambda * Divergence(sums, weight));

    /// <summary>KL(p || (1-alpha) q + alpha p) as the sum of p ln(p/q~) - p + q~, whose terms are at least 0; genres that p lacks add their q~.</summary>
    private double Divergence(double[] sums, double weight)
    {
        var (sum, covered) = (0.0, 0.0);
        foreach (var genre in _possible)
        {
            var (p, q) = (_liked[genre], Math.Max(0, sums[genre]) / weight);
            covered += q;
            var away = (1 - _how.Alpha) * (q - p);
            sum += p + away > 0 ? Elementary.Bregman(p, away, p + away) : double.PositiveInfinity;
        }

        return sum + ((1 - _how.Alpha) * Math.Max(0, 1 - covered));
    }

    private RankedList Describe(int[] list)
    {
        var sums = Sums(list);
        var weight = Enumerable.Range(0, list.Length).Sum(PlaceWeight);
        var scores = list.Sum(i => _how.Candidates[i].Score);
        return new RankedList(
            [.. list.Select(i => _how.Candidates[i])],
            Named([.. sums.Select(sum => sum / weight)]),
            Divergence(sums, weight), scores, Objective(scores, sums, weight));
    }

    private Dictionary<string, double> Named(double[] shares) => _genres.Zip(shares).ToDictionary(entry => entry.First, entry => entry.Second);
}
