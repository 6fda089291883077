namespace KlCore.Distributions;

/// <summary>What was measured between two Gaussians, in nats where it is log-like.</summary>
/// <param name="Dimension">How many coordinates both have.</param>
/// <param name="Forward">KL(p || q).</param>
/// <param name="Reverse">KL(q || p).</param>
/// <param name="Bhattacharyya">-ln of the integral of sqrt(p q): 0 to infinity.</param>
/// <param name="Hellinger">sqrt(1 - integral of sqrt(p q)): 0 to 1, without unit.</param>
/// <param name="Wasserstein2">
/// The Wasserstein distance of order 2, not its square, in the unit of the coordinates: the root of |m - n|^2 + tr(S + T - 2 (T^1/2 S T^1/2)^1/2).
/// </param>
/// <param name="ConditionNumbers">Of both covariances.</param>
/// <param name="Warnings">What a reader should know about the numbers behind these.</param>
public sealed record GaussianComparison(
    int Dimension, DirectedGaussian Forward, DirectedGaussian Reverse, double Bhattacharyya, double Hellinger, double Wasserstein2,
    ConditionNumbers ConditionNumbers, IReadOnlyList<string> Warnings)
{
    /// <summary>KL(p || q) + KL(q || p).</summary>
    public double Jeffreys() => Forward.Value + Reverse.Value;
}

/// <summary>The divergence of a reference N(m, S) from a model N(n, T).</summary>
/// <param name="Value">Never negative; infinite only where it is too large for a double.</param>
/// <param name="Mahalanobis">(m - n)^T T^-1 (m - n): what the means contribute to twice the value.</param>
/// <param name="Trace">tr(T^-1 S).</param>
/// <param name="LogDeterminant">ln det T - ln det S.</param>
public sealed record DirectedGaussian(double Value, double Mahalanobis, double Trace, double LogDeterminant)
{
    internal static DirectedGaussian Of(CovarianceShare share, double mahalanobis) =>
        new(share.Excess / 2 + mahalanobis / 2, mahalanobis, share.Trace, share.LogDeterminant);
}

/// <summary>The ratio of the largest eigenvalue of each covariance to its smallest.</summary>
/// <param name="P">That of p.</param>
/// <param name="Q">That of q.</param>
public sealed record ConditionNumbers(double P, double Q);
