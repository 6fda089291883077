namespace KlCore.Distributions;

/// <summary>
/// A normal distribution of d coordinates, N(mean, S). Its covariance S is said in exactly one way: as a matrix, as the variances of
/// independent coordinates, as the standard deviation of a single coordinate, or as the Cholesky factor L of S = L L^T.
/// </summary>
public sealed record Gaussian
{
    /// <summary>The mean: one finite number, or d of them.</summary>
    public required Location Mean { get; init; }

    /// <summary>S: d rows of d numbers, symmetric to 1e-12 of its scale and positive definite.</summary>
    public double[][]? Covariance { get; init; }

    /// <summary>The diagonal of S, positive; all else is 0.</summary>
    public double[]? Variances { get; init; }

    /// <summary>The root of S, positive; for one dimension.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>L: d rows of d numbers, lower triangular, with a positive diagonal.</summary>
    public double[][]? CholeskyFactor { get; init; }

    /// <summary>How many coordinates the largest of its parts has, legal or not: what reading it would cost.</summary>
    public int Extent() => new[] { Mean.Dimension, Covariance?.Length ?? 0, Variances?.Length ?? 0, CholeskyFactor?.Length ?? 0 }.Max();
}
