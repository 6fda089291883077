using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Probabilities of categories as a parameter: what they must be, and what follows from them.</summary>
internal static class ProbabilityVector
{
    private static readonly Interpretation AsProbabilities = new();

    /// <summary>Adds a problem for every probability that is negative or not finite, and if they do not sum to 1 within 1e-6.</summary>
    public static void Check(double[] probabilities, Problems problems) => MassFunction.TryRead(probabilities, AsProbabilities, problems);

    /// <summary>-sum p ln p of what they are after division by their sum, in nats.</summary>
    public static double Entropy(double[] probabilities)
    {
        var read = MassFunction.Read(probabilities, AsProbabilities);
        var sum = new CompensatedSum();
        for (var k = 0; k < probabilities.Length; k++)
        {
            if (read.IsPossible(k)) sum.Add(-read.Mass(k) * read.LogMass(k));
        }

        return sum.Value;
    }

    /// <summary>The two side by side; the shorter one has nothing beyond its end.</summary>
    public static Pair Pair(double[] p, double[] q)
    {
        var count = Math.Max(p.Length, q.Length);
        return Divergences.Pair.From(Padded(p, count), Padded(q, count), AsProbabilities);
    }

    private static double[] Padded(double[] probabilities, int count)
    {
        if (probabilities.Length == count) return probabilities;
        var padded = new double[count];
        probabilities.CopyTo(padded, 0);
        return padded;
    }
}
