namespace KlApi.Tests.Comparisons;

/// <summary>Divergences of two rows straight from their definitions.</summary>
internal static class Oracle
{
    public static double[] Softmax(IReadOnlyList<float> logits)
    {
        var maximum = logits.Max();
        var exponentials = logits.Select(logit => Math.Exp((double)logit - maximum)).ToArray();
        var sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }

    /// <summary>KL(p || q) in nats of the distributions that the logits stand for.</summary>
    public static double Forward(IReadOnlyList<float> p, IReadOnlyList<float> q)
    {
        var (first, second) = (Softmax(p), Softmax(q));
        return first.Zip(second, (x, y) => x == 0 ? 0 : x * Math.Log(x / y)).Sum();
    }

    /// <summary>The mean of KL(p || q) over rows.</summary>
    public static double MeanForward(float[][] p, float[][] q) => p.Zip(q, (first, second) => Forward(first, second)).Average();
}
