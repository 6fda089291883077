using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>One row as a distribution: what of it does not depend on the other row.</summary>
internal readonly struct Side
{
    private readonly double _temperature;
    private readonly double _sum;

    /// <summary>Reads a row.</summary>
    /// <param name="logits">All logits of the row.</param>
    /// <param name="count">How many of them are compared; the others are removed.</param>
    /// <param name="temperature">What they are divided by.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Side(ReadOnlySpan<double> logits, int count, double temperature)
    {
        _temperature = temperature;
        Max = double.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            if (double.IsNaN(logits[i]) || double.IsPositiveInfinity(logits[i])) return;
            if (i < count && logits[i] > Max) (Max, Top) = (logits[i], i);
        }

        IsValid = !double.IsNegativeInfinity(Max);
        if (!IsValid) return;
        var (others, weighted, removed) = (new CompensatedSum(), new CompensatedSum(), new CompensatedSum());
        for (var i = 0; i < count; i++)
        {
            var a = (logits[i] - Max) / temperature;
            if (i == Top || a < -800) continue;
            var e = Math.Exp(a);
            others.Add(e);
            weighted.Add(e * a);
        }

        _sum = 1 + others.Value;
        LogSum = Elementary.Log1p(others.Value);
        Entropy = LogSum - weighted.Value / _sum;
        for (var i = count; i < logits.Length; i++) removed.Add(Math.Exp((logits[i] - Max) / temperature));
        Removed = double.IsPositiveInfinity(removed.Value) ? 1 : removed.Value / (_sum + removed.Value);
    }

    /// <summary>Whether it is a distribution.</summary>
    public bool IsValid { get; }

    /// <summary>The largest logit.</summary>
    public double Max { get; }

    /// <summary>The first token that has it.</summary>
    public int Top { get; }

    /// <summary>ln of the sum of e^(logit - max).</summary>
    public double LogSum { get; }

    /// <summary>The entropy.</summary>
    public double Entropy { get; }

    /// <summary>The mass of what is not compared.</summary>
    public double Removed { get; }

    /// <summary>The largest probability.</summary>
    public double TopProbability => 1 / _sum;

    /// <summary>The probability of a logit.</summary>
    public double ProbabilityOf(double logit, double temperature) => Math.Exp((logit - Max) / temperature) / _sum;

    /// <summary>Its logarithm.</summary>
    public double LogProbabilityOf(double logit) => (logit - Max) / _temperature - LogSum;
}
