using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>
/// 1/V sum (z - t)^2 over the logits themselves, V of them, with gradient 2 (z_j - t_j)/V. Without unit, from 0 to +Infinity; not invariant
/// to adding a constant to the logits, and the temperature does not enter. Tokens masked (-Infinity) on both sides are equal; on one side only
/// they make it infinite. Source: Ba, Caruana, "Do Deep Nets Really Need to be Deep?", NIPS (2014).
/// </summary>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "1/V sum (z - t)^2", "2 (z_j - t_j)/V", "[0, Infinity]",
        "Matches logits rather than probabilities, so that unlikely tokens count as much as likely ones; not blind to a constant added to all logits.",
        "Ba, Caruana, Do Deep Nets Really Need to be Deep?, NIPS (2014)")
    {
        FollowsUnit = false,
        UsesTemperature = false,
        IsSumOverVocabulary = false,
        Conventions = ["torch F.mse_loss(student, teacher), whose reduction 'mean' is tokenMean here: the value of a position is already the mean over the vocabulary"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var sum = new CompensatedSum();
        var count = row.Teacher.Length;
        for (var i = 0; i < count; i++)
        {
            var gap = row.Student[i] == row.Teacher[i] ? 0 : row.Student[i] - row.Teacher[i];
            sum.Add(gap * gap / count);
            if (gradient.Length > 0) gradient[i] = 2 * gap / count;
        }

        return sum.Value;
    }
}
