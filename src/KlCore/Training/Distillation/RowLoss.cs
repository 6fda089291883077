using KlCore.Losses;

namespace KlCore.Training.Distillation;

/// <summary>
/// The losses of <see cref="Losses"/> that training needs fast: on one row of floats, with the derivative with respect to the student's logits over T,
/// without allocation. The formulas are those of their records; sums are kept in doubles.
/// </summary>
internal static class RowLoss
{
    /// <summary>Whether a loss is among them.</summary>
    public static bool Has(Loss loss) => loss is ForwardKullbackLeibler or SoftCrossEntropy or ReverseKullbackLeibler or Losses.JensenShannon or Losses.Jeffreys or SkewForward or SkewReverse or Losses.TotalVariation;

    /// <summary>The loss of one row.</summary>
    /// <param name="loss">Which one.</param>
    /// <param name="p">The teacher's probabilities.</param>
    /// <param name="logP">Their logarithms.</param>
    /// <param name="q">The student's probabilities.</param>
    /// <param name="logQ">Their logarithms.</param>
    /// <param name="slope">Receives the derivative, if it is not empty.</param>
    public static double Evaluate(Loss loss, ReadOnlySpan<float> p, ReadOnlySpan<float> logP, ReadOnlySpan<float> q, ReadOnlySpan<float> logQ, Span<float> slope)
    {
        switch (loss)
        {
            case ForwardKullbackLeibler:
                Forward(p, q, slope);
                return Divergence(p, logP, q, logQ);
            case SoftCrossEntropy:
                Forward(p, q, slope);
                return CrossEntropy(p, logQ);
            case ReverseKullbackLeibler:
                return Reverse(p, logP, q, logQ, slope);
            case Losses.Jeffreys:
                var reverse = Reverse(p, logP, q, logQ, slope);
                for (var i = 0; i < slope.Length; i++) slope[i] += q[i] - p[i];
                return reverse + Divergence(p, logP, q, logQ);
            case Losses.JensenShannon { Beta: var beta }:
                return JensenShannon(beta, p, logP, q, logQ, slope);
            case SkewForward { Lambda: var lambda }:
                return Skewed(lambda, p, logP, q, logQ, slope);
            case SkewReverse { Lambda: var lambda }:
                return SkewedReverse(lambda, p, logP, q, logQ, slope);
            case Losses.TotalVariation:
                return TotalVariation(p, q, slope);
            default:
                throw new ArgumentOutOfRangeException(nameof(loss));
        }
    }

    private static void Forward(ReadOnlySpan<float> p, ReadOnlySpan<float> q, Span<float> slope)
    {
        for (var i = 0; i < slope.Length; i++) slope[i] = q[i] - p[i];
    }

    private static double Reverse(ReadOnlySpan<float> p, ReadOnlySpan<float> logP, ReadOnlySpan<float> q, ReadOnlySpan<float> logQ, Span<float> slope)
    {
        var value = Divergence(q, logQ, p, logP);
        for (var i = 0; i < slope.Length; i++) slope[i] = q[i] * (logQ[i] - logP[i] - (float)value);
        return value;
    }

    private static double JensenShannon(double beta, ReadOnlySpan<float> p, ReadOnlySpan<float> logP, ReadOnlySpan<float> q, ReadOnlySpan<float> logQ, Span<float> slope)
    {
        double first = 0, second = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var logM = LogMixture(beta, logP[i], logQ[i]);
            var m = Math.Exp(logM);
            first += Term(p[i], logP[i] - logM, m);
            second += Term(q[i], logQ[i] - logM, m);
        }

        for (var i = 0; i < slope.Length; i++) slope[i] = (float)((1 - beta) * q[i] * (logQ[i] - LogMixture(beta, logP[i], logQ[i]) - second));
        return beta * first + (1 - beta) * second;
    }

    private static double Skewed(double lambda, ReadOnlySpan<float> p, ReadOnlySpan<float> logP, ReadOnlySpan<float> q, ReadOnlySpan<float> logQ, Span<float> slope)
    {
        double value = 0, mean = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var logM = LogMixture(lambda, logP[i], logQ[i]);
            value += Term(p[i], logP[i] - logM, Math.Exp(logM));
            // q p / m, as a product of factors that do not overflow.
            mean -= (1 - lambda) * p[i] * Math.Exp(logQ[i] - logM);
        }

        for (var i = 0; i < slope.Length; i++)
            slope[i] = (float)(-(1 - lambda) * p[i] * Math.Exp(logQ[i] - LogMixture(lambda, logP[i], logQ[i])) - q[i] * mean);
        return value;
    }

    private static double SkewedReverse(double lambda, ReadOnlySpan<float> p, ReadOnlySpan<float> logP, ReadOnlySpan<float> q, ReadOnlySpan<float> logQ, Span<float> slope)
    {
        double value = 0, mean = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var logM = LogMixture(1 - lambda, logP[i], logQ[i]);
            var difference = logQ[i] - logM;
            value += Term(q[i], difference, Math.Exp(logM));
            mean += q[i] * (difference - lambda * Math.Exp(difference));
        }

        for (var i = 0; i < slope.Length; i++)
        {
            var difference = logQ[i] - LogMixture(1 - lambda, logP[i], logQ[i]);
            slope[i] = (float)(q[i] * (difference - lambda * Math.Exp(difference) - mean));
        }

        return value;
    }

    private static double TotalVariation(ReadOnlySpan<float> p, ReadOnlySpan<float> q, Span<float> slope)
    {
        double value = 0, mean = 0;
        for (var i = 0; i < p.Length; i++)
        {
            value += Math.Abs(p[i] - q[i]) / 2;
            mean += 0.5 * q[i] * Math.Sign(q[i] - p[i]);
        }

        for (var i = 0; i < slope.Length; i++) slope[i] = (float)(q[i] * (0.5 * Math.Sign(q[i] - p[i]) - mean));
        return value;
    }

    private static double Divergence(ReadOnlySpan<float> p, ReadOnlySpan<float> logP, ReadOnlySpan<float> q, ReadOnlySpan<float> logQ)
    {
        double sum = 0;
        for (var i = 0; i < p.Length; i++) sum += Term(p[i], (double)logP[i] - logQ[i], q[i]);
        return sum;
    }

    private static double CrossEntropy(ReadOnlySpan<float> p, ReadOnlySpan<float> logQ)
    {
        double sum = 0;
        for (var i = 0; i < p.Length; i++) sum -= (double)p[i] * logQ[i];
        return sum;
    }

    /// <summary>p ln(p/q) - p + q, which is never negative, with the logarithm given: by its series where p and q nearly agree.</summary>
    private static double Term(double p, double difference, double q)
    {
        if (Math.Abs(difference) < 1e-2) return p * difference * difference * (0.5 - difference / 6 + difference * difference / 24);
        return Math.Max(0, p * difference - p + q);
    }

    /// <summary>ln(share p + (1 - share) q).</summary>
    private static double LogMixture(double share, double logP, double logQ)
    {
        if (share == 0) return logQ;
        if (share == 1) return logP;
        return logP > logQ ? logP + Math.Log(share + (1 - share) * Math.Exp(logQ - logP)) : logQ + Math.Log(1 - share + share * Math.Exp(logP - logQ));
    }
}
