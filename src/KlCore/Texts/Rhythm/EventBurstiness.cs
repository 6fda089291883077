using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlCore.Texts.Rhythm;

/// <summary>How the events of one kind come.</summary>
/// <param name="Word">The word, where they are words.</param>
/// <param name="Events">How many there are.</param>
/// <param name="Gaps">n, how many gaps lie between them.</param>
/// <param name="MeanGap">m; null where there is none.</param>
/// <param name="GapDeviation">s, the standard deviation (divided by n).</param>
/// <param name="Burstiness">B = (s - m)/(s + m), from -1 (equal gaps) over 0 (chance) to 1; null where there are fewer than two gaps.</param>
/// <param name="StandardError">The standard error of B by leaving out one gap at a time (jackknife); null for fewer than three gaps.</param>
/// <param name="Corrected">
/// The same for so few events, nearer to 0 for chance, and up to 1 whatever their number: (a r - b)/((a - 2) r + b) with r = s/m, a = sqrt(n + 1), b = sqrt(n - 1) (Kim and Jo 2016).
/// </param>
/// <param name="Memory">The correlation of each gap with the next one, from -1 to 1: above 0 where short gaps follow short ones; null where it has no value.</param>
public sealed record EventBurstiness(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Word,
    long Events, long Gaps, double? MeanGap, double? GapDeviation, double? Burstiness, double? StandardError, double? Corrected, double? Memory)
{
    /// <summary>What gaps say.</summary>
    internal static EventBurstiness Of(string? word, long events, ReadOnlySpan<double> gaps)
    {
        var none = new EventBurstiness(word, events, gaps.Length, null, null, null, null, null, null);
        if (gaps.Length == 0) return none;
        CompensatedSum sum = default, squares = default;
        foreach (var gap in gaps) sum.Add(gap);
        var mean = sum.Value / gaps.Length;
        foreach (var gap in gaps) squares.AddProduct(gap - mean, gap - mean);
        var deviation = Math.Sqrt(squares.Value / gaps.Length);
        none = none with { MeanGap = mean };
        if (gaps.Length < 2 || mean == 0) return none;
        var ratio = deviation / mean;
        var (a, b) = (Math.Sqrt(gaps.Length + 1), Math.Sqrt(gaps.Length - 1));
        return none with
        {
            GapDeviation = deviation,
            Burstiness = (deviation - mean) / (deviation + mean),
            StandardError = Jackknife(gaps, mean, squares.Value),
            Corrected = Math.Clamp(((a * ratio) - b) / (((a - 2) * ratio) + b), -1, 1),
            Memory = Correlation(gaps[..^1], gaps[1..]),
        };
    }

    /// <summary>Each gap is left out once: mean and squares of the others follow from those of all.</summary>
    private static double? Jackknife(ReadOnlySpan<double> gaps, double mean, double squares)
    {
        var n = gaps.Length;
        if (n < 3) return null;
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            var away = gaps[i] - mean;
            var without = Math.Max(0, mean - (away / (n - 1)));
            var deviation = Math.Sqrt(Math.Max(0, squares - (away * away * n / (n - 1.0))) / (n - 1));
            if (deviation + without == 0) return null;
            values[i] = (deviation - without) / (deviation + without);
        }

        var average = values.Average();
        return Math.Sqrt(values.Sum(value => (value - average) * (value - average)) * (n - 1) / n);
    }

    private static double? Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length < 2) return null;
        double meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++) (meanX, meanY) = (meanX + (x[i] / x.Length), meanY + (y[i] / x.Length));
        for (var i = 0; i < x.Length; i++)
        {
            var (ofX, ofY) = (x[i] - meanX, y[i] - meanY);
            (xx, yy, xy) = (xx + (ofX * ofX), yy + (ofY * ofY), xy + (ofX * ofY));
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1) : null;
    }
}
