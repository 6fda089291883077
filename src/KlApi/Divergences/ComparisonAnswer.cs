using System.Text.Json.Serialization;
using KlCore;
using KlCore.Divergences;

namespace KlApi.Divergences;

/// <summary>What was measured between p and q.</summary>
public sealed record ComparisonAnswer
{
    /// <summary>The unit of log-like measures, entropies and contributions.</summary>
    public required Unit Unit { get; init; }

    /// <summary>One result for each measure, in the order asked for.</summary>
    public required IReadOnlyList<MeasureResult> Results { get; init; }

    /// <summary>The entropies of p and q and the cross-entropies, in the unit.</summary>
    public required Entropies Entropy { get; init; }

    /// <summary>How much of each distribution lies where the other is 0.</summary>
    public required Support Support { get; init; }

    /// <summary>p ln(p/q) of each category, if included.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Contributions { get; init; }

    /// <summary>What a reader should know about the numbers behind the results.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static ComparisonAnswer Of(Pair pair, ComparisonOptions options, ComparisonOptions? fallback, CancellationToken cancellation)
    {
        var unit = options.Unit ?? fallback?.Unit ?? Unit.Nats;
        var measures = options.Measures ?? fallback?.Measures ?? Catalogue.Default;
        var include = options.Include ?? fallback?.Include ?? [];
        var results = new MeasureResult[measures.Count];
        for (var i = 0; i < results.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            results[i] = new MeasureResult(measures[i], measures[i].Between(pair, unit, cancellation));
        }

        return new ComparisonAnswer
        {
            Unit = unit,
            Results = results,
            Entropy = Entropies.Of(pair, unit),
            Support = Support.Of(pair),
            Contributions = include.Contains(Inclusion.Contributions) ? KlCore.Divergences.Contributions.Of(pair, unit) : null,
            Warnings = [.. KlCore.Divergences.Warnings.Of(pair), .. KlCore.Divergences.Warnings.OfOverflow(pair, results.Select(result => (result.Measure, result.Value)))],
        };
    }
}
