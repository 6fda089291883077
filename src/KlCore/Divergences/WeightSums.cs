using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>Sums over the weights of one distribution.</summary>
internal static class WeightSums
{
    /// <summary>The sum to 32 digits.</summary>
    public static DoubleDouble Exact(ReadOnlySpan<double> weights, ReadOnlySpan<double> low)
    {
        ExactSum high = new(), rest = new();
        foreach (var weight in weights) high.Add(weight);
        foreach (var weight in low) rest.Add(weight);
        return high.Value + rest.Value;
    }

    /// <summary>The sum of all but one.</summary>
    public static double Without(ReadOnlySpan<double> weights, ReadOnlySpan<double> low, int index)
    {
        var sum = Exact(weights[..index], []) + Exact(weights[(index + 1)..], []);
        return low.IsEmpty ? sum.Value : (sum + Exact(low[..index], []) + Exact(low[(index + 1)..], [])).Value;
    }

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
