using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// Grassberger's estimate of 2003: ln N - (1/N) sum n G(n) with G(n) = psi(n) + (-1)^n (psi((n+1)/2) - psi(n/2))/2, which is ln 2 + psi(floor(n/2) + 1/2).
/// Others go by his name too: that of 1988 has (-1)^n/(n(n+1)) in place of the second term.
/// </summary>
public sealed record GrassbergerCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "ln N - (1/N) sum n G(n), G(n) = psi(n) + (-1)^n/2 [psi((n+1)/2) - psi(n/2)]", "The estimate of 2003, not that of 1988.", "P. Grassberger, arXiv:physics/0307138 (2003)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var size = counts.Sizes[i];
            var weight = counts.Times[i] * (size / counts.Total);
            sum.Add(weight * (CountTerms.LogQuotient(size, counts.Total, counts.Total - size) + LogLess(size)));
        }

        return sum.Value;
    }

    /// <summary>ln n - G(n) = ln((n/2)/x) + ln x - psi(x) with x = floor(n/2) + 1/2.</summary>
    private static double LogLess(double n)
    {
        var x = Math.Floor(n / 2) + 0.5;
        return Elementary.Log1p((n / 2 - x) / x) + LogGammaBregman.LogLessDigamma(x);
    }
}
