using System.Text.Json;
using System.Text.Json.Serialization;

namespace KlCore.Estimation.Histograms;

/// <summary>
/// How many bins a histogram has: a number, or a rule by its word. For n points on a line: <c>sturges</c> ceil(log2 n) + 1; <c>sqrt</c> ceil(sqrt n);
/// <c>rice</c> ceil(2 n^(1/3)); <c>doane</c> Sturges' and log2(1 + |skewness| / its error); <c>scott</c> of width (24 sqrt(pi)/n)^(1/3) s;
/// <c>freedman-diaconis</c> of width 2 IQR n^(-1/3); <c>auto</c> the larger number of Sturges and Freedman and Diaconis; <c>equal-probability</c>
/// 2 n^(2/5) bins between quantiles, which hold as many points each. They are NumPy's where NumPy has them. In d dimensions a rule gives
/// B^(3/(d+2)) for the B that it gives on a line, as suits the best width n^(-1/(d+2)).
/// </summary>
[JsonConverter(typeof(BinRuleConverter))]
public sealed record BinRule
{
    /// <summary>The words.</summary>
    public static readonly IReadOnlyList<string> Words = ["auto", "sturges", "scott", "freedman-diaconis", "doane", "rice", "sqrt", "equal-probability"];

    private const int Most = 100_000;

    private BinRule(string? word, int? count) => (Word, Count) = (word, count);

    /// <summary>The larger number of Sturges' and of Freedman and Diaconis' rule.</summary>
    public static BinRule Auto { get; } = new("auto", null);

    /// <summary>The rule; null where a number was given.</summary>
    public string? Word { get; }

    /// <summary>The number of bins; null where a rule was given.</summary>
    public int? Count { get; }

    /// <summary>Whether the bins lie between quantiles.</summary>
    internal bool IsEqualProbability => Word == "equal-probability";

    /// <summary>So many bins.</summary>
    public static BinRule Of(int count) => new(null, count);

    /// <summary>The rule of a word.</summary>
    public static BinRule Of(string word) => Words.Contains(word) ? new BinRule(word, null) : throw new JsonException(BinRuleConverter.Expected);

    /// <summary>Adds a problem for a number that is out of range.</summary>
    internal void Check(Problems problems)
    {
        if (Count is < 1 or > Most) problems.Add($"must be at least 1 and at most {Most}, was {Count}");
    }

    /// <summary>How many bins such numbers have, ascending and at least one, each a coordinate of a point of so many dimensions.</summary>
    internal int For(double[] sorted, int dimension)
    {
        if (Count is { } count) return count;
        var onLine = OnLine(sorted);
        return (int)Math.Clamp(Math.Ceiling(dimension == 1 ? onLine : Math.Pow(onLine, 3.0 / (dimension + 2))), 1, Most);
    }

    private double OnLine(double[] sorted)
    {
        double n = sorted.Length;
        var sturges = Math.Ceiling(Math.Log2(n)) + 1;
        return Word switch
        {
            "sturges" => sturges,
            "sqrt" => Math.Ceiling(Math.Sqrt(n)),
            "rice" => Math.Ceiling(2 * Math.Cbrt(n)),
            "equal-probability" => Math.Ceiling(2 * Math.Pow(n, 0.4)),
            "doane" => Doane(sorted),
            "scott" => ByWidth(sorted, Math.Cbrt(24 * Math.Sqrt(Math.PI) / n) * Deviation(sorted), 1),
            "freedman-diaconis" => ByWidth(sorted, 2 * InterquartileRange(sorted) / Math.Cbrt(n), 1),
            _ => Math.Max(sturges, ByWidth(sorted, 2 * InterquartileRange(sorted) / Math.Cbrt(n), sturges)),
        };
    }

    private static double ByWidth(double[] sorted, double width, double otherwise)
    {
        var count = Math.Ceiling((sorted[^1] / width) - (sorted[0] / width));
        return width > 0 && count >= 1 ? Math.Min(count, Most) : otherwise;
    }

    private static double Doane(double[] sorted)
    {
        double n = sorted.Length;
        if (n < 3) return 1;
        var deviation = Deviation(sorted);
        if (deviation == 0) return 1;
        var mean = Mean(sorted);
        var skewness = sorted.Sum(value => Math.Pow((value - mean) / deviation, 3)) / n;
        return Math.Ceiling(1 + Math.Log2(n) + Math.Log2(1 + Math.Abs(skewness) / Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))));
    }

    private static double Mean(double[] values) => values.Sum(value => value / values.Length);

    private static double Deviation(double[] values)
    {
        var mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * ((value - mean) / values.Length)));
    }

    private static double InterquartileRange(double[] sorted) => BinEdges.Quantile(sorted, 0.75) - BinEdges.Quantile(sorted, 0.25);
}

/// <summary>Reads and writes a <see cref="BinRule"/>.</summary>
internal sealed class BinRuleConverter : JsonConverter<BinRule>
{
    /// <summary>What may stand there.</summary>
    public static readonly string Expected = $"must be a whole number or one of {string.Join(", ", BinRule.Words)}";

    /// <inheritdoc/>
    public override BinRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var count) => BinRule.Of(count),
        JsonTokenType.String => BinRule.Of(reader.GetString()!),
        _ => throw new JsonException(Expected),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BinRule value, JsonSerializerOptions options)
    {
        if (value.Count is { } count) writer.WriteNumberValue(count);
        else writer.WriteStringValue(value.Word);
    }
}
