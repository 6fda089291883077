using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>Moments of importance weights.</summary>
/// <param name="Mean">Their mean; 1 in expectation.</param>
/// <param name="Variance">Their unbiased variance; 0 for a single one.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="EffectiveSampleSize">(sum w)^2 / sum w^2: how many draws from the target they are worth.</param>
/// <param name="EffectiveFraction">The same divided by their number, from 0 to 1.</param>
public sealed record WeightMoments(double Mean, double Variance, double Maximum, double EffectiveSampleSize, double EffectiveFraction)
{
    /// <summary>The moments of w = e^logWeight, without overflow on the way: infinite only where they are beyond a double.</summary>
    internal static WeightMoments Of(double[] logWeights)
    {
        var shift = logWeights.Max();
        CompensatedSum sum = default, squares = default, excess = default, below = default;
        foreach (var logWeight in logWeights)
        {
            var weight = Math.Exp(logWeight - shift);
            sum.Add(weight);
            squares.Add(weight * weight);
            excess.Add(Elementary.Expm1(logWeight));
            below.Add(Elementary.Expm1(logWeight - shift));
        }

        var count = logWeights.Length;
        var mean = double.IsFinite(excess.Value) ? 1 + (excess.Value / count) : Math.Exp(shift) * (sum.Value / count);
        var effective = sum.Value * sum.Value / squares.Value;
        CompensatedSum spread = default;
        foreach (var logWeight in logWeights)
        {
            // Less 1, so that weights that nearly agree keep their differences.
            var off = Elementary.Expm1(logWeight - shift) - (below.Value / count);
            spread.Add(off * off);
        }

        var variance = count < 2 || spread.Value == 0 ? 0 : Math.Exp((2 * shift) + Math.Log(spread.Value / (count - 1)));
        return new(mean, variance, Math.Exp(shift), effective, effective / count);
    }
}
