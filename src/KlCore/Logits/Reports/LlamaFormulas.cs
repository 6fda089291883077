namespace KlCore.Logits.Reports;

/// <summary>How llama-perplexity makes its numbers of its sums.</summary>
internal static class LlamaFormulas
{
    /// <summary>The percents printed of the divergence, highest first; the median has a line of its own.</summary>
    public static readonly IReadOnlyList<float> DivergencePercents = [99.9f, 99, 95, 90, 10, 5, 1, 0.1f];

    /// <summary>The percents printed of the change of probability.</summary>
    public static readonly IReadOnlyList<float> ChangePercents = [99.9f, 99, 95, 90, 75, 25, 10, 5, 1, 0.1f];

    /// <summary>Everything but the values in order.</summary>
    public static LlamaReport Report(LlamaTotals totals, LlamaSpread divergence, LlamaSpread? change)
    {
        var mean = Mean(totals.Divergence, totals.SquaredDivergence);
        return new LlamaReport
        {
            Count = totals.Divergence.Count,
            Divergence = divergence with { Mean = Uncertain.Of(mean.Value, mean.Error) },
            SameTop = SameTop(totals),
            TargetProbability = change is null ? null : change with { Mean = Change(totals) },
            Rms = change is null ? null : Rms(totals),
            Perplexity = change is null ? null : Perplexity(totals),
        };
    }

    public static Uncertain Change(LlamaTotals totals)
    {
        var mean = Mean(totals.Change, totals.SquaredChange);
        return Uncertain.Of(mean.Value, mean.Error, 100);
    }

    public static Uncertain Rms(LlamaTotals totals)
    {
        var square = Mean(totals.SquaredChange, totals.FourthPowerOfChange);
        var root = Math.Sqrt(square.Value);
        return Uncertain.Of(root, 0.5 / root * square.Error, 100);
    }

    public static Uncertain SameTop(LlamaTotals totals)
    {
        var (share, count) = (MeanOf(totals.SameTop), totals.SameTop.Count);
        return Uncertain.Of(share, Math.Sqrt(share * (1 - share) / (count - 1)), 100);
    }

    public static LlamaPerplexity Perplexity(LlamaTotals totals)
    {
        var (q, p) = (Mean(totals.LossQ, totals.SquaredLossQ), Mean(totals.LossP, totals.SquaredLossP));
        var count = totals.LossQ.Count;
        var covariance = count < 10 ? 0 : (MeanOf(totals.LossProduct) - q.Value * p.Value) / (count - 1);
        var (perplexityQ, perplexityP) = (Math.Exp(q.Value), Math.Exp(p.Value));
        var (errorQ, errorP) = (perplexityQ * q.Error, perplexityP * p.Error);
        var logRatio = q.Value - p.Value;
        var logError = Math.Sqrt(q.Error * q.Error + p.Error * p.Error - 2 * covariance);
        var differenceError = Math.Sqrt(errorQ * errorQ + errorP * errorP - 2 * perplexityQ * perplexityP * covariance);
        return new LlamaPerplexity(
            Uncertain.Of(perplexityQ, errorQ),
            Uncertain.Of(perplexityP, errorP),
            Uncertain.NumberOrNull(100 * (covariance / (q.Error * p.Error))),
            Uncertain.Of(logRatio, logError),
            Uncertain.Of(Math.Exp(logRatio), Math.Exp(logRatio) * logError),
            Uncertain.Of(perplexityQ - perplexityP, differenceError));
    }

    /// <summary>f = sum / n and sqrt((sum of squares / n - f^2) / (n - 1)), 0 where n is at most 10 or the difference is not positive.</summary>
    public static (double Value, double Error) Mean(ColumnTotals values, ColumnTotals squares)
    {
        var mean = MeanOf(values);
        var variance = MeanOf(squares) - mean * mean;
        return (mean, variance > 0 && values.Count > 10 ? Math.Sqrt(variance / (values.Count - 1)) : 0);
    }

    /// <summary>The values at the printed percents: f (n - 1) and the interpolation in 32 bits.</summary>
    public static LlamaSpread Spread(float[] sorted, IReadOnlyList<float> percents, double scale)
    {
        var half = sorted.Length / 2;
        var median = sorted.Length % 2 == 0 ? 0.5f * (sorted[half] + sorted[half - 1]) : sorted[half];
        return new LlamaSpread(new Uncertain(null, null), scale * sorted[^1], percents.ToDictionary(Percents.Name, percent => scale * At(sorted, percent)), scale * median, scale * sorted[0]);
    }

    /// <summary>The same from a histogram.</summary>
    public static LlamaSpread Spread(OrderedValues values, IReadOnlyList<float> percents, double scale) =>
        new(new Uncertain(null, null), scale * values.At(values.Count - 1), percents.ToDictionary(Percents.Name, percent => scale * values.Percentile(percent)),
            scale * values.Percentile(50), scale * values.At(0));

    private static float At(float[] sorted, float percent)
    {
        // The fractions are written in 32 bits there: 0.999f, not 99.9f / 100.
        var place = (float)(Math.Round(percent, 1) / 100) * (sorted.Length - 1);
        var below = (int)place;
        var fraction = place - below;
        var (low, high) = (sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)]);
        return fraction == 0 || low.Equals(high) ? low : (1 - fraction) * low + fraction * high;
    }

    private static double MeanOf(ColumnTotals values) => values.Mean ?? double.NaN;
}
