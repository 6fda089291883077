namespace KlCore.Estimation;

/// <summary>
/// A way to find a number from samples. It looks at them once (<see cref="Prepare"/>); the statistic that it makes is then found of all points and of
/// the selections that standard errors and p-values come from.
/// </summary>
/// <typeparam name="TSample">What it looks at: one sample, two, or pairs.</typeparam>
public abstract record SampleEstimator<TSample> : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>What is to be known about the estimator.</summary>
    public abstract EstimatorDescription Describe();

    /// <summary>Adds what keeps these samples from being used: too few points, ties, a dimension that the estimator does not do.</summary>
    internal virtual void CheckSamples(TSample sample, Problems problems)
    {
    }

    /// <summary>Looks at the samples once, so that the statistic can then be found of many selections of them.</summary>
    internal abstract PooledStatistic Prepare(TSample sample, CancellationToken cancellation);

    /// <summary>Roughly how many multiplications one evaluation takes, with that many points of that dimension on each side.</summary>
    internal abstract double Work(int x, int y, int dimension);

    /// <summary>The same for every evaluation after the first, where what was prepared makes it less.</summary>
    internal virtual double RepeatedWork(int x, int y, int dimension) => Work(x, y, dimension);

    /// <summary>How many points of each sample a selection must have for the statistic to be found of it.</summary>
    internal virtual int LeastPoints(int dimension) => 2;

    /// <summary>How the standard error is found, where the statistic does not know it.</summary>
    internal virtual ErrorMethod ErrorMethod => ErrorMethod.Subsampling;

    /// <summary>What a reader should know of the value for such samples: its bias in so many dimensions, ties, …</summary>
    internal virtual IEnumerable<string> Warnings(TSample sample) => [];
}
