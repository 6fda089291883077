using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>Sums over the weights of one distribution.</summary>
internal static class WeightSums
{
    /// <summary>The sum to 32 digits.</summary>
    public static DoubleDouble Exact(ReadOnlySpan<double> weights, double[]? low)
    {
        var total = DoubleDouble.Zero;
        if (low is null)
        {
            foreach (var weight in weights) total += weight;
        }
        else
        {
            for (var i = 0; i < weights.Length; i++) total += new DoubleDouble(weights[i], low[i]);
        }

        return total;
    }

    /// <summary>The sum of all but one.</summary>
    public static double Without(ReadOnlySpan<double> weights, double[]? low, int index) =>
        (Exact(weights[..index], low?[..index]) + Exact(weights[(index + 1)..], low?[(index + 1)..])).Value;

    /// <summary>The first of the largest.</summary>
    public static int IndexOfMaximum(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best]) best = i;
        }

        return best;
    }
}
