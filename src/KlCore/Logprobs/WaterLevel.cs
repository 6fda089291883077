namespace KlCore.Logprobs;

/// <summary>
/// Masses proportional to weights as far as their bounds allow: x_i = clamp(level * w_i, low_i, high_i), with the level at which they sum to a
/// given total.
/// </summary>
internal readonly ref struct WaterLevel(ReadOnlySpan<double> weights, ReadOnlySpan<double> lows, ReadOnlySpan<double> highs)
{
    private const int MaximumSteps = 200;

    /// <summary>By how much sums of the same numbers in another order may differ, and more.</summary>
    private const double Rounding = 1e-13;

    private readonly ReadOnlySpan<double> _weights = weights;
    private readonly ReadOnlySpan<double> _lows = lows;
    private readonly ReadOnlySpan<double> _highs = highs;

    /// <summary>The mass of one at a level; a weight of 0 takes no more than it must.</summary>
    public static double At(double level, double weight, double low, double high) => weight == 0 ? low : Math.Clamp(level * weight, low, high);

    /// <summary>The level for a total; 0 if the lower bounds alone exceed it, +Infinity if the upper bounds of positive weights do not reach it.</summary>
    public double For(double total)
    {
        if (Sum(0).Sum >= total) return 0;
        var most = Sum(double.PositiveInfinity).Sum;
        if (most < total * (1 - Rounding)) return double.PositiveInfinity;
        if (most <= total) return Brim();
        var (below, above) = (0.0, double.PositiveInfinity);
        var level = 1.0;
        // Newton's steps on a function that is piecewise linear end after a few; where they leave the bracket it is halved instead.
        for (var step = 0; step < MaximumSteps; step++)
        {
            var (sum, slope) = Sum(level);
            if (Math.Abs(sum - total) <= 1e-16 * total) break;
            if (sum < total) below = level;
            else above = level;
            var next = level + (total - sum) / slope;
            if (!(next > below && next < above)) next = Between(below, above);
            if (next.Equals(level) || next <= below || next >= above) break;
            level = next;
        }

        return level;
    }

    /// <summary>The lowest level at which everything is full.</summary>
    private double Brim()
    {
        var level = 0.0;
        for (var i = 0; i < _weights.Length; i++)
            if (_weights[i] > 0 && _highs[i] > _lows[i]) level = Math.Max(level, _highs[i] / _weights[i]);
        return level;
    }

    private static double Between(double below, double above)
    {
        if (double.IsPositiveInfinity(above)) return below * 4;
        return below == 0 ? above / 16 : Math.Sqrt(below) * Math.Sqrt(above);
    }

    private (double Sum, double Slope) Sum(double level)
    {
        var (sum, slope) = (0.0, 0.0);
        for (var i = 0; i < _weights.Length; i++)
        {
            var x = At(level, _weights[i], _lows[i], _highs[i]);
            sum += x;
            if (x > _lows[i] && x < _highs[i]) slope += _weights[i];
        }

        return (sum, slope);
    }
}
