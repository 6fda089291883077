using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>One row as a distribution: what of it does not depend on the other row.</summary>
internal readonly struct Side
{
    private readonly double _temperature;

    /// <summary>Reads a row.</summary>
    /// <param name="logits">All logits of the row.</param>
    /// <param name="count">How many of them are compared; the others are removed.</param>
    /// <param name="temperature">What they are divided by.</param>
    /// <param name="weights">Where e^(logit - max) goes for each logit that is compared.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Side(ReadOnlySpan<double> logits, int count, double temperature, Span<double> weights)
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
            var e = weights[i] = a < -800 ? 0 : Math.Exp(a);
            if (i == Top || e == 0) continue;
            others.Add(e);
            weighted.Add(e * a);
        }

        Sum = 1 + others.Value;
        LogSum = Elementary.Log1p(others.Value);
        Entropy = LogSum - weighted.Value / Sum;
        for (var i = count; i < logits.Length; i++) removed.Add(Math.Exp((logits[i] - Max) / temperature));
        Removed = double.IsPositiveInfinity(removed.Value) ? 1 : removed.Value / (Sum + removed.Value);
    }

    /// <summary>Whether it is a distribution.</summary>
    public bool IsValid { get; }

    /// <summary>The sum of the weights.</summary>
    public double Sum { get; }

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
    public double TopProbability => 1 / Sum;

    /// <summary>The logarithm of a logit's probability.</summary>
    public double LogProbabilityOf(double logit) => (logit - Max) / _temperature - LogSum;
}
