namespace KlCore.Estimation;

/// <summary>A statistic of samples, ready to be found for many selections from the same points.</summary>
internal abstract class PooledStatistic
{
    /// <summary>
    /// The statistic of two selections, which may repeat points and, in a permutation test, mix those of x and y. NaN where it is not defined of
    /// a selection (a covariance of repeated points that cannot be inverted): such selections are left out of what is made of them.
    /// </summary>
    public abstract double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation);

    /// <summary>The statistic of all points, for those that know it from their preparation.</summary>
    public virtual double OfAll(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => Of(x, y, cancellation);

    /// <summary>Whether several threads may ask at once: then nothing that <see cref="Of"/> writes outlasts it.</summary>
    public virtual bool IsShared => false;

    /// <summary>The standard error of the statistic of all points, where it is known without resampling.</summary>
    public virtual double? StandardError(CancellationToken cancellation) => null;

    /// <summary>The probability of at least this value if both samples were of one distribution, where it is known without permutations.</summary>
    public virtual double? PValue(CancellationToken cancellation) => null;

    /// <summary>What was chosen or found on the way: the bandwidth, the number of bins, a marginal error, …</summary>
    public virtual IReadOnlyDictionary<string, double> Details() => new Dictionary<string, double>();

    /// <summary>What was found on the way that a reader should know: how many points were left out, that a bandwidth is the smallest tried, …</summary>
    public virtual IEnumerable<string> Warnings() => [];
}
