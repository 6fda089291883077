using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// Zhang's estimate, and beyond it what the rarest categories tell of those never seen:
/// (f1/N) (1 - A)^(1-N) (-ln A - sum over r &lt; N of (1 - A)^r / r), A = 2 f2/((N - 1) f1 + 2 f2), or 2/((N - 1)(f1 - 1) + 2) where f2 = 0.
/// </summary>
public sealed record ChaoWangJostCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "Zhang + (f1/N) (1 - A)^(1-N) (-ln A - sum_{r<N} (1 - A)^r / r)", "The least biased where much was not seen; needs no K.",
        "A. Chao, Y. Wang, L. Jost, Methods in Ecology and Evolution 4 (2013)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation) => new ZhangCorrection().Entropy(counts, cancellation) + Unseen(counts);

    internal override double WorkPerSize => 1000;

    /// <summary>
    /// The second part as (f1/N) sum over j of (1 - A)^(j+1) / (N + j), an integral of a positive function:
    /// (f1/N^2) (1 - A) int e^-s / (A + (1 - A)(1 - e^(-s/N))) ds.
    /// </summary>
    private static double Unseen(CountTable counts)
    {
        var (total, once, twice) = (counts.Total, counts.Singletons, counts.Doubletons);
        if (once == 0) return 0;
        var seen = twice > 0 ? 2 * twice / ((total - 1) * once + 2 * twice) : 2 / ((total - 1) * (once - 1) + 2);
        var rest = twice > 0 ? (total - 1) * once / ((total - 1) * once + 2 * twice) : (total - 1) * (once - 1) / ((total - 1) * (once - 1) + 2);
        if (rest == 0) return 0;
        var integral = GaussKronrod.Integrate(s => Math.Exp(-s) / (seen - rest * Elementary.Expm1(-s / total)), Breaks(total * seen / rest), 1e-13);
        return once / total * rest * integral.Value / total;
    }

    /// <summary>The integrand changes its character at N A/(1 - A), and ends where e^-s does.</summary>
    private static List<double> Breaks(double turn)
    {
        var breaks = new List<double> { 0 };
        for (var s = Math.Clamp(turn / 4, 1e-18, 1); s < 1; s *= 4) breaks.Add(s);
        breaks.AddRange([1, 3, 8, 18, 45]);
        return breaks;
    }
}
