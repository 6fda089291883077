using System.Runtime.CompilerServices;
using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>
/// What the second pass over a row is relative to. With s the scale ln p = s (x - MaxP) - LogSum, ln q = s (y - MaxQ - RestQ) - LogSum with
/// LogSum the logarithm of p's sum, and ln p - ln q = s (x - y) - Shift - Rest.
/// </summary>
internal readonly record struct Normaliser(float MaxP, float MaxQ, float RestQ, float LogSum, float Shift, float Rest, Scale Scale)
{
    /// <summary>Below the largest logit, both divided by the temperature, by so much a token weighs nothing in floats; lower ones, also -Infinity, are read as if they were here.</summary>
    public const float Depth = 200;

    /// <summary>Where logits of p are cut off.</summary>
    public float LowestP { get; init; }

    /// <summary>Where logits of q are cut off.</summary>
    public float LowestQ { get; init; }
}

/// <summary>Sums over a row or a part of it, each in units of p's sum. With P the larger of p and q, h = sqrt(smaller / larger) - 1:</summary>
internal struct SecondSums
{
    /// <summary>-P h (2 + h) = |p - q|.</summary>
    public double Variation;

    /// <summary>P h^2 = (sqrt p - sqrt q)^2.</summary>
    public double Hellinger;

    /// <summary>p ln(2p/(p+q)) + q ln(2q/(p+q)).</summary>
    public double Topsoe;

    /// <summary>-p (x - max x), not scaled.</summary>
    public double EntropyP;

    /// <summary>-q ln q.</summary>
    public double EntropyQ;

    /// <summary>p times the squared power of two below the logit, not scaled.</summary>
    public double NoiseP;

    /// <summary>The same for q.</summary>
    public double NoiseQ;

    /// <summary>How many logits of q are above the threshold.</summary>
    public int Above;

    /// <summary>Whether nothing overflowed.</summary>
    public readonly bool IsFinite => double.IsFinite(Variation + Hellinger + Topsoe + EntropyP + EntropyQ + NoiseP + NoiseQ);

    /// <summary>Adds a part.</summary>
    public void Add(in SecondSums part)
    {
        Variation += part.Variation;
        Hellinger += part.Hellinger;
        Topsoe += part.Topsoe;
        EntropyP += part.EntropyP;
        EntropyQ += part.EntropyQ;
        NoiseP += part.NoiseP;
        NoiseQ += part.NoiseQ;
        Above += part.Above;
    }
}

/// <summary>The second pass over a part of a row, whole vectors of floats: all that needs the normalised probabilities.</summary>
internal static class SecondBlock
{
    /// <summary>Sums a part.</summary>
    /// <param name="p">The row of p.</param>
    /// <param name="q">The row of q.</param>
    /// <param name="start">The first token.</param>
    /// <param name="count">How many.</param>
    /// <param name="normaliser">What logits are relative to.</param>
    /// <param name="threshold">Above which logits of q are counted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SecondSums Sum<T, TP, TQ, TDifference>(ref readonly byte p, ref readonly byte q, nuint start, nuint count, in Normaliser normaliser, float threshold)
        where T : struct, IFloatLanes<T>
        where TP : struct, ILoader
        where TQ : struct, ILoader
        where TDifference : struct, IDifference
    {
        var (variation, hellinger, topsoe, entropyP, entropyQ) = (T.All(0), T.All(0), T.All(0), T.All(0), T.All(0));
        var (noiseP, noiseQ, one) = (T.All(0), T.All(0), T.All(1));
        var (maxP, maxQ, restQ, logSum) = (T.All(normaliser.MaxP), T.All(normaliser.MaxQ), T.All(normaliser.RestQ), T.All(normaliser.LogSum));
        var (shift, rest, lowestP, lowestQ) = (T.All(normaliser.Shift), T.All(normaliser.Rest), T.All(normaliser.LowestP), T.All(normaliser.LowestQ));
        var (least, scale) = (T.All(threshold), normaliser.Scale);
        var (factor, low, binary, binaryRest) = (T.All(scale.High), T.All(scale.Low), T.All(scale.Binary), T.All(scale.BinaryRest));
        var (minus, above) = (T.All(-scale.High), 0);
        for (nuint i = start, end = start + count; i < end; i += (nuint)T.Count)
        {
            T x = T.Max(TP.Load<T>(in p, i), lowestP), stored = TQ.Load<T>(in q, i);
            // Before it is cut off: p's top token may itself be below that.
            above += T.CountLess(least, stored);
            var y = T.Max(stored, lowestQ);
            var d = TDifference.Of(x, y, shift, rest, factor, low);
            var a = TDifference.Of(x, maxP, out var errorP);
            var b = TDifference.Of(y, maxQ, out var errorQ) - restQ;
            var (isP, c) = (T.Less(b, a), T.Max(a, b));
            var larger = FloatSeries.Exp2(c, binary);
            if (typeof(TDifference) == typeof(ExactDifference)) larger = T.MultiplyAdd(larger, T.MultiplyAdd(T.Select(isP, errorP, errorQ), factor, c * binaryRest), larger);
            var u = T.Abs(d);
            var h = FloatSeries.Expm1OfHalf(u, out var root);
            variation = T.MultiplyAdd(larger, h * (root + one), variation);
            hellinger = T.MultiplyAdd(larger, h * h, hellinger);
            topsoe = T.MultiplyAdd(larger, FloatSeries.Topsoe(u, root), topsoe);

            var smaller = larger * (root * root);
            var (weightP, weightQ) = (T.Select(isP, larger, smaller), T.Select(isP, smaller, larger));
            entropyP = T.MultiplyAdd(weightP, a, entropyP);
            entropyQ = T.MultiplyAdd(weightQ, T.MultiplyAdd(b, minus, logSum), entropyQ);
            var (ulpP, ulpQ) = (Power<T, TP>(x), Power<T, TQ>(y));
            noiseP = T.MultiplyAdd(weightP * ulpP, ulpP, noiseP);
            noiseQ = T.MultiplyAdd(weightQ * ulpQ, ulpQ, noiseQ);
        }

        return new SecondSums
        {
            Variation = -variation.Sum(),
            Hellinger = hellinger.Sum(),
            Topsoe = topsoe.Sum(),
            EntropyP = -entropyP.Sum(),
            EntropyQ = entropyQ.Sum(),
            NoiseP = noiseP.Sum(),
            NoiseQ = noiseQ.Sum(),
            Above = above,
        };
    }

    /// <summary>
    /// The power of two that the distance to the next number goes by. Subnormal halves have that of 2^-14; subnormal floats weigh nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Power<T, TLoader>(T logit) where T : struct, IFloatLanes<T> where TLoader : struct, ILoader =>
        TLoader.Element == ElementType.F16 ? T.Max(T.PowerOf(logit), T.All(6.103515625e-05f)) : T.PowerOf(logit);
}
