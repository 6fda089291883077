namespace KlCore.Estimation.Distances;

/// <summary>How probable a value of the criterion of Cramér and von Mises is between samples of one distribution.</summary>
internal static class CramerVonMisesTest
{
    /// <summary>Below this the probability is 1 to all digits.</summary>
    private const double Tiny = 0.002;

    private const int Nodes = 64;

    /// <summary>
    /// The probability of at least T for two samples: that of the limit at the argument whose first two moments are right for the sizes. Good to
    /// some percent of itself from ten points on each side on; ties are not taken into account.
    /// Source: T. Anderson, Annals of Mathematical Statistics 33 (1962).
    /// </summary>
    public static double Probability(double statistic, double n, double m)
    {
        var all = n + m;
        var mean = (1 + 1 / all) / 6;
        var variance = (all + 1) / (45 * all * all) * ((4 * n * m * all - 3 * (n * n + m * m) - 2 * n * m) / (4 * n * m));
        return variance > 0 ? OfLimit((statistic - mean) / Math.Sqrt(45 * variance) + 1.0 / 6) : 1;
    }

    /// <summary>
    /// P(sum_k Z_k^2/(k pi)^2 > x) for standard normal Z_k, by Smirnov's formula 2/pi sum_k (-1)^(k+1) integral over t from (2k-1) pi to 2 k pi of
    /// e^(-x t^2/2)/sqrt(-t sin t). Both ends are roots, for which the nodes of Chebyshev are made.
    /// Source: N. Smirnov, Comptes rendus de l'Académie des sciences 202 (1936).
    /// </summary>
    public static double OfLimit(double x)
    {
        if (x < Tiny) return 1;
        var sum = 0.0;
        for (var k = 1; ; k++)
        {
            var middle = (2 * k - 0.5) * Math.PI;
            var term = 0.0;
            for (var node = 0; node < Nodes; node++)
            {
                var offset = Math.PI / 2 * Math.Cos((node + 0.5) * Math.PI / Nodes);
                var t = middle + offset;
                var product = (Math.PI / 2 - offset) * (Math.PI / 2 + offset);
                // -sin(t) at the distance of the offset from the middle, where it is 1.
                term += Math.Exp(-x * t * t / 2) * Math.Sqrt(product / (t * Math.Cos(offset)));
            }

            term *= 2.0 / Nodes;
            sum += k % 2 == 1 ? term : -term;
            if (term <= 1e-17 * sum) return Math.Clamp(sum, 0, 1);
        }
    }
}
