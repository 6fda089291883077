using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>The counts as they are: -sum n/N ln(n/N), too small by about (S - 1)/(2N) or, where much was not seen, by far more.</summary>
public sealed record NoCorrection : CountCorrection
{
    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new("-sum n/N ln(n/N)", "The maximum of likelihood; too small, by about (S - 1)/(2N) once all has been seen.", "C. Shannon, Bell System Technical Journal 27 (1948)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation) => PlugIn(counts);

    internal override double? Divergence(CountPair pair) => pair.PlugIn();

    /// <summary>The entropy of the relative frequencies.</summary>
    internal static double PlugIn(CountTable counts)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var size = counts.Sizes[i];
            sum.Add(counts.Times[i] * (size / counts.Total) * CountTerms.LogQuotient(size, counts.Total, counts.Total - size));
        }

        return sum.Value;
    }
}
