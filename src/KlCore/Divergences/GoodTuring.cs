namespace KlCore.Divergences;

/// <summary>
/// Simple Good-Turing: the mass of what was never seen is the share of what was seen once, N1/N, spread evenly over the empty
/// categories; a category seen r times counts as r* = (r+1) N(r+1)/N(r), with N(r) as found while that differs significantly from the
/// straight line fitted to ln Z(r) against ln r, and by that line from there on. Counts only. Without an empty category the mass of the
/// unseen is given back by normalising. Source: W. Gale and G. Sampson, Journal of Quantitative Linguistics 2 (1995).
/// </summary>
public sealed record GoodTuring : Smoothing
{
    /// <summary>Beyond this a double is no exact count any more.</summary>
    private const double LargestCount = 9007199254740992;

    internal override bool Suits(MassFunction raw, Problems problems)
    {
        var before = problems.Total;
        if (raw.How.Input != InputKind.Weights)
        {
            problems.Add("must be counts (input weights) for good-turing smoothing");
            return false;
        }

        for (var i = 0; i < raw.Count; i++)
        {
            var count = raw.Given[i];
            if (count != Math.Floor(count) || count > LargestCount) problems.At(i).Add($"must be a whole number for good-turing smoothing, was {count:R}");
        }

        return problems.Total == before;
    }

    internal override MassFunction Smooth(MassFunction raw)
    {
        var given = raw.Given.ToArray();
        var frequencies = given.Where(count => count > 0).GroupBy(count => count).OrderBy(group => group.Key)
            .Select(group => (Count: group.Key, Times: (double)group.Count())).ToArray();
        var adjusted = Adjust(frequencies);
        var unseen = frequencies[0].Times / given.Sum();
        var empty = given.Count(count => count == 0);
        var sum = frequencies.Sum(entry => entry.Times * adjusted[entry.Count]);
        return SmoothedWeights.Apply(raw, (i, _) => given[i] == 0 ? unseen / empty : (1 - unseen) * adjusted[given[i]] / sum);
    }

    private static Dictionary<double, double> Adjust((double Count, double Times)[] frequencies)
    {
        if (frequencies[0].Count != 1)
            throw new NotComputableException("no-singletons", "Good-Turing smoothing needs categories that were seen exactly once; there is none.");
        if (frequencies.Length < 2)
            throw new NotComputableException("no-frequencies-of-frequencies", "Good-Turing smoothing needs categories seen once and others seen more often; all were seen once.");
        var slope = Slope(frequencies);
        var times = frequencies.ToDictionary(entry => entry.Count, entry => entry.Times);
        var adjusted = new Dictionary<double, double>();
        var byLine = false;
        foreach (var (count, here) in frequencies)
        {
            var line = (count + 1) * Math.Exp(slope * Math.Log((count + 1) / count));
            byLine |= !times.TryGetValue(count + 1, out var next);
            if (!byLine)
            {
                var turing = (count + 1) * next / here;
                var deviation = Math.Sqrt((count + 1) * (count + 1) * next / (here * here) * (1 + next / here));
                byLine = Math.Abs(line - turing) <= 1.96 * deviation;
                if (!byLine) line = turing;
            }

            adjusted[count] = line;
        }

        return adjusted;
    }

    /// <summary>The slope of the straight line through ln Z(r) against ln r, Z(r) = 2 N(r) / (next count - previous count).</summary>
    private static double Slope((double Count, double Times)[] frequencies)
    {
        var last = frequencies.Length - 1;
        var x = new double[last + 1];
        var y = new double[last + 1];
        for (var j = 0; j <= last; j++)
        {
            var (count, times) = frequencies[j];
            var previous = j == 0 ? 0 : frequencies[j - 1].Count;
            var next = j == last ? 2 * count - previous : frequencies[j + 1].Count;
            (x[j], y[j]) = (Math.Log(count), Math.Log(2 * times / (next - previous)));
        }

        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
