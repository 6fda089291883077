namespace KlApi.Charts;

/// <summary>Takes values of an axis to pixels, linearly or by their logarithm.</summary>
internal sealed record Scale(Extent Extent, bool Logarithmic, double Start, double End)
{
    /// <summary>The pixel of <paramref name="value"/>.</summary>
    public double At(double value) => Start + (Share(value) * (End - Start));

    private double Share(double value)
    {
        var (minimum, maximum) = Extent;
        if (Logarithmic) return (Math.Log10(value) - Math.Log10(minimum)) / (Math.Log10(maximum) - Math.Log10(minimum));
        // Quarters, because the range of ±1e308 is no double.
        return ((value / 4) - (minimum / 4)) / ((maximum / 4) - (minimum / 4));
    }
}
