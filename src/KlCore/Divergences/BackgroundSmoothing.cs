using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>A smoothing that mixes in a background distribution.</summary>
public abstract record BackgroundSmoothing : Smoothing
{
    private const double SumTolerance = 1e-6;

    /// <summary>The background: probabilities that sum to 1; null means uniform.</summary>
    public double[]? Background { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Background is null) return;
        var at = problems.At("background");
        for (var i = 0; i < Background.Length; i++)
        {
            if (!(Background[i] >= 0) || double.IsInfinity(Background[i])) at.At(i).Add($"must be at least 0 and finite, was {Background[i]:R}");
        }

        var sum = WeightSums.Exact(Background, null).Value;
        if (!(Math.Abs(sum - 1) <= SumTolerance)) at.Add($"must sum to 1 within {SumTolerance:R}, summed to {sum:R}");
    }

    internal override bool Suits(MassFunction raw, Problems problems)
    {
        if (Background is null || Background.Length == raw.Count) return true;
        problems.Add($"must have {Background.Length} elements like the background of the smoothing, had {raw.Count}");
        return false;
    }

    /// <summary>The share of each category in so much mass, spread like the background.</summary>
    private protected Func<int, DoubleDouble> Spread(DoubleDouble mass, int count)
    {
        if (Background is not { } background)
        {
            var equal = mass / (double)count;
            return _ => equal;
        }

        var unit = mass / WeightSums.Exact(background, null);
        return index => unit * background[index];
    }
}
