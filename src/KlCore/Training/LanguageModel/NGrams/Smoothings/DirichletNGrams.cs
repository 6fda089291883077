using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel.NGrams.Smoothings;

/// <summary>
/// (c + mu p') / (N + mu): the shorter context counts as much as mu occurrences. Without a mu there is one for each order, found on the last tenth of the training part.
/// </summary>
/// <remarks>MacKay and Peto, A hierarchical Dirichlet language model, Natural Language Engineering 1 (1995).</remarks>
public sealed record DirichletNGrams : TunedSmoothing
{
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;
    private static readonly (double Low, double High) Search = (Math.Log(1e-3), Math.Log(1e6));

    /// <summary>How much the shorter context counts.</summary>
    [Range(0, 1e9, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mu { get; init; }

    internal override bool IsTuned => Mu is null;

    internal override ContextRule Rule(LevelFacts facts, double[] tuned) => new Weighted(this, Mu is { } mu ? [mu] : tuned);

    /// <summary>Golden section on ln mu, to a part in a thousand.</summary>
    internal override double[] Tune(ReadOnlySpan<int> counts, ReadOnlySpan<int> totals, ReadOnlySpan<int> types, ReadOnlySpan<double> lower)
    {
        var (low, high) = Search;
        var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
        var (atLeft, atRight) = (Likelihood(left, counts, totals, lower), Likelihood(right, counts, totals, lower));
        while (high - low > 1e-3)
        {
            if (atLeft >= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - Golden * (high - low);
                atLeft = Likelihood(left, counts, totals, lower);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + Golden * (high - low);
                atRight = Likelihood(right, counts, totals, lower);
            }
        }

        return [Math.Exp((low + high) / 2)];
    }

    internal override double Interpolate(int count, long total, int types, double lower, ReadOnlySpan<double> parameters) => (count + parameters[0] * lower) / (total + parameters[0]);

    private double Likelihood(double logMu, ReadOnlySpan<int> counts, ReadOnlySpan<int> totals, ReadOnlySpan<double> lower)
    {
        double[] mu = [Math.Exp(logMu)];
        double sum = 0;
        for (var i = 0; i < counts.Length; i++)
            if (totals[i] > 0) sum += Math.Log(Interpolate(counts[i], totals[i], 0, lower[i], mu));
        return sum;
    }

    private sealed class Weighted(DirichletNGrams smoothing, double[] mu) : ContextRule
    {
        public override IReadOnlyList<double> Parameters => mu;

        public override double Fit(ReadOnlySpan<int> counts, ReadOnlySpan<double> lower, Span<double> probabilities)
        {
            var total = Total(counts);
            for (var i = 0; i < counts.Length; i++) probabilities[i] = smoothing.Interpolate(counts[i], total, counts.Length, lower[i], mu);
            return mu[0] / (total + mu[0]);
        }
    }
}
