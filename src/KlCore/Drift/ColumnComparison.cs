using KlCore.Estimation.Counts;

namespace KlCore.Drift;

/// <summary>Two profiles of one column, compared.</summary>
internal static class ColumnComparison
{
    private const int MostListed = 20;

    /// <summary>With fewer cells than this on a side, nothing that is found is no finding.</summary>
    private const long FewCells = 30;

    /// <summary>The comparison before p-values are adjusted and the verdict is made.</summary>
    public static ColumnDrift Of(ColumnProfile reference, ColumnProfile current, ColumnOptions? asked, string typeReason, double pseudocount, CancellationToken cancellation)
    {
        var drift = new ColumnDrift
        {
            Name = reference.Name,
            Type = reference.Type,
            Reason = typeReason,
            Verdict = DriftVerdict.Inconclusive,
            Reference = Facts(reference),
            Current = Facts(current),
            Missing = Missing(reference, current),
            Warnings = [],
        };
        if (reference.Type == ColumnKind.Text) return drift;
        if (reference.Present() == 0 || current.Present() == 0)
            return drift with { Warnings = ["One side has nothing but missing cells, so there is nothing to compare."] };
        var (method, reason) = asked?.Method is { } named ? (named, "the method was asked for") : ColumnRules.MethodOf(reference.Type, reference.Present(), current.Present());
        drift = drift with { Method = method, Reason = $"{typeReason}; {reason}", Threshold = asked?.Threshold ?? method.DefaultThreshold() };
        return reference.Type == ColumnKind.Numeric ? Numeric(drift, reference, current, asked?.Bins ?? 10, pseudocount, cancellation) : Categorical(drift, reference, current, pseudocount, cancellation);
    }

    /// <summary>The verdict, once the p-value is adjusted.</summary>
    public static DriftVerdict Verdict(ColumnDrift column, double alpha)
    {
        if (column.Score is not { } score || column.AdjustedPValue is not { } pValue) return DriftVerdict.Inconclusive;
        var (isLarge, isSure) = (column.Threshold is not { } threshold || score >= threshold, pValue <= alpha);
        if (isLarge && isSure) return DriftVerdict.Drift;
        if (isLarge && column.Threshold is not null) return DriftVerdict.Inconclusive;
        var least = Math.Min(column.Reference.Rows - column.Reference.Missing, column.Current.Rows - column.Current.Missing);
        return least < FewCells && !isSure ? DriftVerdict.Inconclusive : DriftVerdict.None;
    }

    private static ColumnDrift Numeric(ColumnDrift drift, ColumnProfile reference, ColumnProfile current, int bins, double pseudocount, CancellationToken cancellation)
    {
        var scores = new NumericScores(reference, current);
        var method = drift.Method!.Value;
        if (!method.NeedsNumbers())
        {
            var (x, y, _) = scores.Bin(bins);
            return Counted(drift, new CategoryScores(x, y), pseudocount, "bins", cancellation);
        }

        var warnings = Small(drift).ToList();
        if (!reference.IsComplete || !current.IsComplete) warnings.Add($"Of a long column {ColumnProfile.MostSteps} steps of the distribution are kept; the score is off by at most about {1.0 / ColumnProfile.MostSteps:G1} of the range.");
        return drift with
        {
            Score = method switch
            {
                DriftMethod.KolmogorovSmirnov => scores.KolmogorovSmirnov,
                DriftMethod.Wasserstein => scores.Wasserstein,
                _ => scores.Energy,
            },
            Test = "kolmogorov-smirnov",
            PValue = scores.PValue(cancellation),
            Warnings = warnings,
        };
    }

    private static ColumnDrift Categorical(ColumnDrift drift, ColumnProfile reference, ColumnProfile current, double pseudocount, CancellationToken cancellation)
    {
        var before = Named(reference);
        var now = Named(current);
        // A name that the other side does not have may be among those that it did not keep: both sides count it to the rest, which is one category of its own.
        string[] names = [.. before.Keys.Union(now.Keys).Where(name => (reference.IsComplete || before.ContainsKey(name)) && (current.IsComplete || now.ContainsKey(name)))];
        double[] x = [.. names.Select(name => before.GetValueOrDefault(name))], y = [.. names.Select(name => now.GetValueOrDefault(name))];
        var (restBefore, restNow) = (reference.Present() - x.Sum(), current.Present() - y.Sum());
        if (restBefore > 0 || restNow > 0) (x, y) = ([.. x, restBefore], [.. y, restNow]);
        var compared = Counted(drift, new CategoryScores(x, y), pseudocount, "categories", cancellation);
        var warnings = compared.Warnings.ToList();
        if (!current.IsComplete) warnings.Add($"There are more than {ColumnSample.MostTexts} categories now; those of the reference that are not among them count as one with the rest, and what is called vanished may be among it.");
        if (!reference.IsComplete) warnings.Add($"Of the reference {ColumnProfile.MostCategories} categories are kept; the others count as one, and what is called new may be among them.");
        return compared with
        {
            NewCategories = Listed(now.Where(entry => !before.ContainsKey(entry.Key))),
            VanishedCategories = Listed(before.Where(entry => !now.ContainsKey(entry.Key))),
            Warnings = warnings,
        };
    }

    private static ColumnDrift Counted(ColumnDrift drift, CategoryScores scores, double pseudocount, string cells, CancellationToken cancellation)
    {
        var method = drift.Method!.Value;
        var (score, (test, pValue)) = (scores.Score(method, pseudocount), scores.PValue(method, cancellation));
        var warnings = Small(drift).ToList();
        if (double.IsPositiveInfinity(score)) warnings.Add($"Some {cells} are empty on one side, which makes the score infinite; a pseudocount makes it finite.");
        if (scores.IsThin) warnings.Add($"{scores.ThinCells:0} counts of {cells} are expected to be below 5: the p-value {(test.Contains("random", StringComparison.Ordinal) ? "comes from random exchanges instead of the chi-squared distribution" : "is rough")}.");
        if (method == DriftMethod.PopulationStability)
            warnings.Add("The rule of thumb (0.1 some, 0.2 or 0.25 much) knows nothing of the number of cells: without any change the index is about (K - 1)(1/n + 1/m). Go by the p-value.");
        return drift with { Score = score, Test = test, PValue = pValue, Warnings = warnings };
    }

    private static IEnumerable<string> Small(ColumnDrift drift)
    {
        var least = Math.Min(drift.Reference.Rows - drift.Reference.Missing, drift.Current.Rows - drift.Current.Missing);
        if (least < FewCells) yield return $"There are only {least} cells on one side: what is not found may be there all the same.";
    }

    private static Dictionary<string, double> Named(ColumnProfile profile) => profile.Categories!.Zip(profile.Counts).ToDictionary(entry => entry.First, entry => entry.Second);

    private static Dictionary<string, double> Listed(IEnumerable<KeyValuePair<string, double>> entries) =>
        entries.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(MostListed).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static MissingChange Missing(ColumnProfile reference, ColumnProfile current)
    {
        var (before, now) = (Share(reference), Share(current));
        if (reference.Rows == 0 || current.Rows == 0) return new(before, now, 1);
        var pair = CountPair.Of(CountTable.Of([reference.Missing, reference.Present()], 2), CountTable.Of([current.Missing, current.Present()], 2));
        return new(before, now, CountTests.Of(pair).Tests[0].PValue);
    }

    private static double Share(ColumnProfile profile) => profile.Rows == 0 ? 0 : (double)profile.Missing / profile.Rows;

    private static SideFacts Facts(ColumnProfile profile) => profile.Type != ColumnKind.Numeric || profile.Values!.Length == 0
        ? new(profile.Rows, profile.Missing, profile.Counts.Length, null, null, null)
        : new(profile.Rows, profile.Missing, profile.Values.Length, profile.Mean, profile.StandardDeviation, [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(share => Quantile(profile, share))]);

    /// <summary>The value at or below which such a share of the numbers lies.</summary>
    private static double Quantile(ColumnProfile profile, double share)
    {
        var (below, wanted) = (0.0, share * profile.Counts.Sum());
        for (var i = 0; i < profile.Values!.Length; i++)
            if ((below += profile.Counts[i]) >= wanted && below > 0) return profile.Values[i];
        return profile.Values[^1];
    }
}
