namespace KlCore.Numerics;

/// <summary>A sum of non-negative numbers that are given by their logarithms, each of which may be far below the least double.</summary>
/// <param name="Largest">The largest logarithm; minus infinity where the sum is 0.</param>
/// <param name="Scaled">The sum divided by the largest number: from 1 to their count, or 0.</param>
internal readonly record struct LogSum(double Largest, double Scaled)
{
    /// <summary>The logarithm of the sum.</summary>
    public double Log => double.IsNegativeInfinity(Largest) ? Largest : Largest + Math.Log(Scaled);

    /// <summary>Adds them up.</summary>
    public static LogSum Of(ReadOnlySpan<double> logs)
    {
        var largest = double.NegativeInfinity;
        foreach (var log in logs) largest = Math.Max(largest, log);
        if (double.IsNegativeInfinity(largest)) return new(largest, 0);
        CompensatedSum sum = default;
        foreach (var log in logs) sum.Add(Math.Exp(log - largest));
        return new(largest, sum.Value);
    }

    /// <summary>What part of the sum one of its numbers is; the parts sum to 1 however small or large the logarithms are.</summary>
    public double Share(double log) => Scaled == 0 ? 0 : Math.Exp(log - Largest) / Scaled;
}
