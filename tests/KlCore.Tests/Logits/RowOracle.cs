namespace KlCore.Tests.Logits;

/// <summary>What a pair of rows of finite logits must give, by the textbook definitions in 256 bits.</summary>
internal sealed class RowOracle
{
    public RowOracle(double[] x, double[] y, double temperature = 1)
    {
        var (lnP, lnQ) = (Logs(x, temperature), Logs(y, temperature));
        FixedPoint half = 0.5, forward = 0, reverse = 0, js = 0, variation = 0, affinity = 0, entropyP = 0, entropyQ = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (p, q) = (FixedPoint.Exp(lnP[i]), FixedPoint.Exp(lnQ[i]));
            var m = (p + q) * half;
            forward += p * (lnP[i] - lnQ[i]);
            reverse += q * (lnQ[i] - lnP[i]);
            variation += FixedPoint.Abs(p - q) * half;
            affinity += FixedPoint.Exp((lnP[i] + lnQ[i]) * half);
            entropyP -= p * lnP[i];
            entropyQ -= q * lnQ[i];
            if (!m.Scaled.IsZero) js += p * (lnP[i] - FixedPoint.Log(m)) * half + q * (lnQ[i] - FixedPoint.Log(m)) * half;
        }

        (Forward, Reverse, JensenShannon) = ((double)forward, (double)reverse, (double)js);
        (TotalVariation, Hellinger) = ((double)variation, Math.Sqrt((double)(FixedPoint.One - affinity)));
        (EntropyP, EntropyQ) = ((double)entropyP, (double)entropyQ);
        LogP = Array.ConvertAll(lnP, value => (double)value);
        LogQ = Array.ConvertAll(lnQ, value => (double)value);
    }

    public double Forward { get; }

    public double Reverse { get; }

    public double JensenShannon { get; }

    public double TotalVariation { get; }

    public double Hellinger { get; }

    public double EntropyP { get; }

    public double EntropyQ { get; }

    public double[] LogP { get; }

    public double[] LogQ { get; }

    private static FixedPoint[] Logs(double[] logits, double temperature)
    {
        var scaled = Array.ConvertAll(logits, value => (FixedPoint)value / temperature);
        var max = scaled.MaxBy(value => value.Scaled);
        var sum = FixedPoint.Zero;
        foreach (var value in scaled) sum += FixedPoint.Exp(value - max);
        var log = max + FixedPoint.Log(sum);
        return Array.ConvertAll(scaled, value => value - log);
    }
}
