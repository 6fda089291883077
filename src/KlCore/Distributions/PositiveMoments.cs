namespace KlCore.Distributions;

/// <summary>
/// Means of powers and of the logarithm of a positive variate. Where a model's -ln q is made of those, its divergence from any such distribution has a closed form.
/// </summary>
internal interface IPositiveMoments
{
    /// <summary>E[ln x], or null if there is no formula.</summary>
    double? LogMean();

    /// <summary>E[(ln x)^2] - E[ln x]^2, or null if there is no formula.</summary>
    double? LogVariance();

    /// <summary>ln E[x^k], +Infinity where the mean is infinite; null if there is no formula.</summary>
    double? LogPowerMean(double k);
}
