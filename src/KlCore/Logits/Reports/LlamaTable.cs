using System.Globalization;

namespace KlCore.Logits.Reports;

/// <summary>
/// The statistics as <c>llama-perplexity --kl-divergence</c> prints them, after a line for each chunk (<see cref="LlamaChunks"/>). What it
/// says for people around that (speed, time left) is not there, and the heading of the chunks is printed once instead of before each.
/// </summary>
public static class LlamaTable
{
    /// <summary>Writes the statistics, or one line that says why llama-perplexity prints none.</summary>
    public static void WriteStatistics(TextWriter writer, LlamaReport report)
    {
        if (report.Count < 100)
        {
            Line(writer, Text($"({report.Count} positions; llama-perplexity prints no statistics for fewer than 100)"));
            return;
        }

        if (report.Perplexity is { } perplexity) WritePerplexity(writer, perplexity);
        WriteDivergence(writer, report.Divergence);
        if (report.TargetProbability is { } change) WriteChange(writer, report, change);
        Line(writer, $"Same top p: {Number(report.SameTop.Value, 6, 3)} ± {Number(report.SameTop.Uncertainty, 5, 3)} %");
    }

    private static void WritePerplexity(TextWriter writer, LlamaPerplexity perplexity)
    {
        void Both(string label, Uncertain value) => Line(writer, $"{label}: {Number(value.Value, 10, 6)} ± {Number(value.Uncertainty, 10, 6)}");
        Line(writer, "====== Perplexity statistics ======");
        Both("Mean PPL(Q)                   ", perplexity.Q);
        Both("Mean PPL(base)                ", perplexity.Base);
        Line(writer, $"Cor(ln(PPL(Q)), ln(PPL(base))): {Number(perplexity.Correlation, 6, 2)}%");
        Both("Mean ln(PPL(Q)/PPL(base))     ", perplexity.LogRatio);
        Both("Mean PPL(Q)/PPL(base)         ", perplexity.Ratio);
        Both("Mean PPL(Q)-PPL(base)         ", perplexity.Difference);
        Line(writer, "");
    }

    private static void WriteDivergence(TextWriter writer, LlamaSpread divergence)
    {
        Line(writer, "====== KL divergence statistics ======");
        Line(writer, $"Mean    KLD: {Number(divergence.Mean.Value, 10, 6)} ± {Number(divergence.Mean.Uncertainty, 10, 6)}");
        WriteOrdered(writer, divergence, LlamaFormulas.DivergencePercents, value => $"KLD: {Number(value, 10, 6)}");
        Line(writer, "");
    }

    private static void WriteChange(TextWriter writer, LlamaReport report, LlamaSpread change)
    {
        Line(writer, "====== Token probability statistics ======");
        Line(writer, $"Mean    Δp: {Number(change.Mean.Value, 6, 3)} ± {Number(change.Mean.Uncertainty, 5, 3)} %");
        WriteOrdered(writer, change, LlamaFormulas.ChangePercents, value => $"Δp: {Number(value, 6, 3)}%");
        Line(writer, $"RMS Δp    : {Number(report.Rms!.Value, 6, 3)} ± {Number(report.Rms.Uncertainty, 5, 3)} %");
    }

    /// <summary>Maximum, percentiles with the median between those above and those below it, minimum.</summary>
    private static void WriteOrdered(TextWriter writer, LlamaSpread spread, IReadOnlyList<float> percents, Func<double, string> tail)
    {
        void Percentile(float percent) => Line(writer, $"{Number(percent, 4, 1)}%   {tail(spread.Percentiles[Percents.Name(percent)])}");
        Line(writer, $"Maximum {tail(spread.Maximum)}");
        foreach (var percent in percents.Where(percent => percent > 50)) Percentile(percent);
        Line(writer, $"Median  {tail(spread.Median)}");
        foreach (var percent in percents.Where(percent => percent < 50)) Percentile(percent);
        Line(writer, $"Minimum {tail(spread.Minimum)}");
    }

    /// <summary>As C prints it with %width.decimalsf.</summary>
    internal static string Number(double? value, int width, int decimals)
    {
        if (value is not { } number) return "nan".PadLeft(width);
        if (double.IsInfinity(number)) return (number > 0 ? "inf" : "-inf").PadLeft(width);
        var text = number.ToString("F" + decimals, CultureInfo.InvariantCulture);
        // A tie goes to the even digit in C and away from 0 here. A tie has few digits, so forty tell it from everything near it.
        var exact = number.ToString("F40", CultureInfo.InvariantCulture);
        var kept = exact.Length - 40 + decimals;
        var isTie = exact[kept] == '5' && exact.AsSpan(kept + 1).IndexOfAnyExcept('0') < 0;
        if (isTie && (exact[kept - 1] - '0') % 2 == 0) text = exact[..kept];
        return text.PadLeft(width);
    }

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal static void Line(TextWriter writer, string text)
    {
        writer.Write(text);
        writer.Write('\n');
    }
}
