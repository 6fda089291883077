using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>
/// What was seen has the probability C = 1 - f1/N (Good, Turing), and a category of probability Cp is seen at all with the probability
/// 1 - (1 - Cp)^N (Horvitz, Thompson): -sum Cp ln(Cp) / (1 - (1 - Cp)^N).
/// </summary>
public sealed record ChaoShenCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "-sum C p ln(C p) / (1 - (1 - C p)^N), C = 1 - f1/N", "Counts what was not seen; good where many categories are rare. Where every category was seen once, f1 is taken as N - 1.",
        "A. Chao, T.-J. Shen, Environmental and Ecological Statistics 10 (2003)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation)
    {
        var total = counts.Total;
        var missing = Math.Min(counts.Singletons, total - 1) / total;
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var p = counts.Sizes[i] / total;
            var rest = (total - counts.Sizes[i]) / total + missing * p;
            var share = (1 - missing) * p;
            sum.Add(counts.Times[i] * share * CountTerms.LogQuotient(share, 1, rest) / -Elementary.Expm1(total * Elementary.Log1p(-share)));
        }

        return sum.Value;
    }
}
