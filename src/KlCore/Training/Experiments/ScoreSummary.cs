using System.Text.Json.Serialization;

namespace KlCore.Training.Experiments;

/// <summary>One score over several runs.</summary>
/// <param name="Mean">The mean; infinite as soon as one run's is.</param>
/// <param name="StandardError">Of the mean, from the spread of the runs: s / sqrt(n). Null for a single run and for infinite scores.</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="Count">How many runs there are.</param>
public sealed record ScoreSummary(
    double Mean,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardError,
    double Minimum,
    double Maximum,
    int Count)
{
    /// <summary>Of the values, none of them NaN; null if there are none, or if they are infinite on both sides.</summary>
    internal static ScoreSummary? Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return null;
        var (minimum, maximum) = (values.Min(), values.Max());
        if (double.IsInfinity(minimum) && double.IsInfinity(maximum) && minimum != maximum) return null;
        if (double.IsInfinity(minimum) || double.IsInfinity(maximum))
            return new ScoreSummary(double.IsInfinity(maximum) ? maximum : minimum, null, minimum, maximum, values.Count);
        // Seen from the first value, so that equal values have exactly that mean and no spread.
        var mean = values[0] + values.Sum(value => (value - values[0]) / values.Count);
        var squares = values.Sum(value => (value - mean) * (value - mean));
        double? error = values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1.0) / values.Count) : null;
        return new ScoreSummary(Math.Clamp(mean, minimum, maximum), error, minimum, maximum, values.Count);
    }
}
