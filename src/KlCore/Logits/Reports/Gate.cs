using System.Globalization;

namespace KlCore.Logits.Reports;

/// <summary>What became of a limit.</summary>
public enum Verdict
{
    /// <summary>The whole 95 % interval keeps the limit.</summary>
    Pass,

    /// <summary>The interval has the limit inside, or there is none: more text is needed.</summary>
    Inconclusive,

    /// <summary>The whole interval breaks the limit.</summary>
    Fail,
}

/// <summary>Limits that a report is held against, by the names of what they limit.</summary>
public sealed class Gate
{
    /// <summary>No more limits than this are taken.</summary>
    public const int MostRules = 100;

    private readonly IReadOnlyList<GateRule> _rules;

    private Gate(IReadOnlyList<GateRule> rules) => _rules = rules;

    /// <summary>The percentiles of a column that the limits are about, each once.</summary>
    internal IEnumerable<double> PercentilesOf(Column column) =>
        _rules.Where(rule => rule.Column == column && rule.Percent is not null).Select(rule => rule.Percent!.Value).Distinct();

    /// <summary>
    /// Reads limits such as <c>forwardMean</c> = 0.01. What is not a limit is added to <paramref name="problems"/> under its name; null if
    /// there are no limits or some are wrong, or more than <see cref="MostRules"/>. Limits are in the unit of the report.
    /// </summary>
    /// <param name="limits">Names and limits.</param>
    /// <param name="problems">Where failures go.</param>
    /// <param name="prefix">What stands before the name in the request: "gate." in a query, nothing inside of a JSON object.</param>
    public static Gate? Parse(IEnumerable<KeyValuePair<string, double>> limits, Problems problems, string prefix = "")
    {
        KeyValuePair<string, double>[] all = [.. limits];
        if (all.Length > MostRules)
        {
            problems.Add($"must be at most {MostRules} limits, were {all.Length}");
            return null;
        }

        var rules = new List<GateRule>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var isWrong = false;
        foreach (var (name, limit) in all)
        {
            var rule = GateRule.Named(name, limit);
            if (rule is not null && double.IsFinite(limit) && names.Add(name))
            {
                rules.Add(rule);
                continue;
            }

            isWrong = true;
            problems.Add(prefix + name, rule is null ? $"is not something that can be limited; there are {GateRule.Known}"
                : double.IsFinite(limit) ? "must be limited once" : $"must be finite, was {limit.ToString("R", CultureInfo.InvariantCulture)}");
        }

        return isWrong || rules.Count == 0 ? null : new Gate(rules);
    }

    /// <summary>Holds a report's numbers against the limits.</summary>
    internal GateResult Judge(ComparisonTotals totals, Unit unit, IReadOnlyDictionary<(Column Column, double Percent), PercentileBounds> percentiles)
    {
        GateOutcome[] outcomes = [.. _rules.Select(rule => rule.Judge(totals, unit, percentiles))];
        return new GateResult(outcomes.Max(outcome => outcome.Verdict), outcomes);
    }
}

/// <summary>Whether all limits are kept.</summary>
/// <param name="Verdict">The worst of the rules' verdicts.</param>
/// <param name="Rules">What became of each limit.</param>
public sealed record GateResult(Verdict Verdict, IReadOnlyList<GateOutcome> Rules);

/// <summary>What became of one limit.</summary>
/// <param name="Metric">What is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Bound">Whether it is the largest ("at-most") or the smallest ("at-least") value allowed.</param>
/// <param name="Value">The value in this report; null where it has none (no targets).</param>
/// <param name="Interval">
/// The 95 % interval that decides. Of means by chunks where known, else by positions; of a share Wilson's; of a percentile by order
/// statistics, widened by the spread of chunks where known (but not in merged reports), and infinite where the text is too short to say;
/// of a maximum the maximum itself.
/// </param>
/// <param name="Verdict">Pass if the whole interval keeps the limit, fail if all of it breaks it.</param>
public sealed record GateOutcome(string Metric, double Limit, GateBound Bound, double? Value, double[]? Interval, Verdict Verdict);

/// <summary>Which side of a limit is allowed.</summary>
public enum GateBound
{
    /// <summary>Values up to the limit.</summary>
    AtMost,

    /// <summary>Values from the limit up.</summary>
    AtLeast,
}

/// <summary>A percentile and the ends of its 95 % interval.</summary>
internal readonly record struct PercentileBounds(double Value, double[] Interval);
