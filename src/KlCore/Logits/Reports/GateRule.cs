using System.Globalization;

namespace KlCore.Logits.Reports;

/// <summary>One limit.</summary>
internal sealed record GateRule(string Name, double Limit, Column Column, GateRule.Statistic What, double? Percent = null)
{
    /// <summary>What of a column is limited.</summary>
    internal enum Statistic
    {
        Mean,
        Percentile,
        Maximum,
        Share,
        Ratio,
        AbsoluteMean,
        Rms,
    }

    /// <summary>The names there are, for people.</summary>
    public const string Known =
        "for each of forward, reverse, jeffreys, jensenShannon, totalVariation, hellinger: forwardMean, forwardP99 (any percent), forwardMedian, forwardMaximum; " +
        "top1 (at least), perplexityRatio, logRatio, meanDeltaP (its magnitude), rmsDeltaP";

    private static readonly Dictionary<string, Column> Measures = new(StringComparer.Ordinal)
    {
        ["forward"] = Column.Forward,
        ["reverse"] = Column.Reverse,
        ["jeffreys"] = Column.Jeffreys,
        ["jensenShannon"] = Column.JensenShannon,
        ["totalVariation"] = Column.TotalVariation,
        ["hellinger"] = Column.Hellinger,
    };

    private GateBound Bound => What == Statistic.Share ? GateBound.AtLeast : GateBound.AtMost;

    /// <summary>The limit of that name; null if there is nothing of that name.</summary>
    public static GateRule? Named(string name, double limit) => name switch
    {
        "top1" => new GateRule(name, limit, Column.Top1, Statistic.Share),
        "perplexityRatio" => new GateRule(name, limit, Column.LossDifference, Statistic.Ratio),
        "logRatio" => new GateRule(name, limit, Column.LossDifference, Statistic.Mean),
        "meanDeltaP" => new GateRule(name, limit, Column.TargetChange, Statistic.AbsoluteMean),
        "rmsDeltaP" => new GateRule(name, limit, Column.SquaredTargetChange, Statistic.Rms),
        _ => OfMeasure(name, limit),
    };

    private static GateRule? OfMeasure(string name, double limit)
    {
        foreach (var (measure, column) in Measures)
        {
            if (!name.StartsWith(measure, StringComparison.Ordinal)) continue;
            switch (name[measure.Length..])
            {
                case "Mean": return new GateRule(name, limit, column, Statistic.Mean);
                case "Maximum": return new GateRule(name, limit, column, Statistic.Maximum);
                case "Median": return new GateRule(name, limit, column, Statistic.Percentile, 50);
                case ['P', .. var percent] when double.TryParse(percent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100:
                    return new GateRule(name, limit, column, Statistic.Percentile, value);
            }
        }

        return null;
    }

    /// <summary>Holds the number against the limit.</summary>
    public GateOutcome Judge(ComparisonTotals totals, Unit unit, IReadOnlyDictionary<(Column Column, double Percent), PercentileBounds> percentiles)
    {
        var (value, interval) = Measure(totals[Column], Columns.IsInformation(Column) ? unit.FromNats(1) : 1, percentiles);
        return new GateOutcome(Name, Limit, Bound, value, interval, Decide(interval));
    }

    private Verdict Decide(double[]? interval) => interval switch
    {
        null => Verdict.Inconclusive,
        [var low, var high] when Bound == GateBound.AtMost => high <= Limit ? Verdict.Pass : low > Limit ? Verdict.Fail : Verdict.Inconclusive,
        [var low, var high] => low >= Limit ? Verdict.Pass : high < Limit ? Verdict.Fail : Verdict.Inconclusive,
        _ => Verdict.Inconclusive,
    };

    private (double? Value, double[]? Interval) Measure(ColumnTotals column, double scale, IReadOnlyDictionary<(Column Column, double Percent), PercentileBounds> percentiles)
    {
        if (column.Count == 0) return (null, null);
        switch (What)
        {
            case Statistic.Percentile:
                var bounds = percentiles[(Column, Percent!.Value)];
                // All measures that have percentiles here are at least 0. Between few values an interpolated percentile can lie below the order statistic that bounds it.
                var (low, high) = (Math.Max(0, Math.Min(bounds.Interval[0], bounds.Value)), Math.Max(bounds.Interval[1], bounds.Value));
                return (bounds.Value * scale, [low * scale, high * scale]);
            case Statistic.Maximum:
                return (column.Maximum * scale, [column.Maximum * scale, column.Maximum * scale]);
            case Statistic.Share:
                var share = Share.Of(column);
                return (share.Rate, share.ClusterConfidence95 ?? share.Confidence95);
            default:
                return OfMean(MeanEstimate.Of(column, Columns.Least(Column), What == Statistic.Ratio ? 1 : scale));
        }
    }

    private (double? Value, double[]? Interval) OfMean(MeanEstimate? estimate)
    {
        if (estimate is null) return (null, null);
        // An infinite mean is infinite for certain.
        var interval = estimate.Confidence95 ?? (double.IsInfinity(estimate.Mean) ? [estimate.Mean, estimate.Mean] : null);
        return What switch
        {
            Statistic.Ratio => (Math.Exp(estimate.Mean), interval?.Select(Math.Exp).ToArray()),
            Statistic.AbsoluteMean => (Math.Abs(estimate.Mean), interval is null ? null : Magnitudes(interval)),
            Statistic.Rms => (Math.Sqrt(estimate.Mean), interval?.Select(Math.Sqrt).ToArray()),
            _ => (estimate.Mean, interval),
        };
    }

    private static double[] Magnitudes(double[] interval)
    {
        var (low, high) = (Math.Abs(interval[0]), Math.Abs(interval[1]));
        return [interval[0] <= 0 && interval[1] >= 0 ? 0 : Math.Min(low, high), Math.Max(low, high)];
    }
}
