using System.ComponentModel.DataAnnotations;

namespace KlCore.Distributions;

/// <summary>The half-normal distribution: p(x) = sqrt(2/pi) exp(-x^2 / (2 scale^2)) / scale for x &gt;= 0.</summary>
public sealed record HalfNormal : PowerOfGamma
{
    /// <summary>The deviation of the normal variate whose size this is: positive.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double Scale { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new("sqrt(2/pi) exp(-x^2 / (2 scale^2)) / scale", "x >= 0", "The size of a normal variate of mean 0.");

    internal override GammaPower Law() => new(0.5, 2, Scale, 1, 2);
}
