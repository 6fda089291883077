using System.Text.Json.Serialization;

namespace KlCore.Estimation;

/// <summary>
/// A way to find a divergence of two distributions, or a distance between them, from samples of both: x of p and y of q. Each is a sealed
/// record: its properties are its parameters, and one attribute line below lists it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(GaussianPlugIn), "gaussian")]
public abstract record Estimator : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>What is to be known about the estimator.</summary>
    public abstract EstimatorDescription Describe();

    /// <summary>Adds what keeps these samples from being used: too few points, ties, a dimension that the estimator does not do.</summary>
    internal virtual void CheckSamples(PooledSample sample, Problems problems)
    {
    }

    /// <summary>Looks at the samples once, so that the statistic can then be found of many selections of them.</summary>
    internal abstract PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation);

    /// <summary>Roughly how many multiplications one evaluation takes, with that many points of that dimension on each side.</summary>
    internal abstract double Work(int x, int y, int dimension);

    /// <summary>How the standard error is found, where the statistic does not know it.</summary>
    internal virtual ErrorMethod ErrorMethod => ErrorMethod.Subsampling;

    /// <summary>What a reader should know of the value for such samples: its bias in so many dimensions, ties, …</summary>
    internal virtual IEnumerable<string> Warnings(PooledSample sample) => [];
}

/// <summary>How a standard error is found by evaluating a statistic on selections of the sample.</summary>
public enum ErrorMethod
{
    /// <summary>On parts of n^(2/3) points, drawn without repetition; right also where repeated points break the statistic.</summary>
    Subsampling,

    /// <summary>On as many points, drawn with repetition.</summary>
    Bootstrap,

    /// <summary>On all points but a group, one group after the other.</summary>
    Jackknife,
}

/// <summary>What is to be known about an estimator before using it.</summary>
/// <param name="Estimates">What it is an estimate of: "KL(p || q)", "W_k(p, q)".</param>
/// <param name="Formula">The estimate in ASCII.</param>
/// <param name="Summary">How it behaves: bias, variance, for which samples it is meant.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record EstimatorDescription(string Estimates, string Formula, string Summary, string Source)
{
    /// <summary>Whether it is a logarithm and so is answered in nats or bits.</summary>
    public bool FollowsUnit { get; init; }

    /// <summary>Whether the same value for equal distributions is expected whatever they are, so that exchanging points between the samples tests whether they differ.</summary>
    public bool HasPermutationTest { get; init; } = true;
}
