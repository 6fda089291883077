using System.Text.Json.Serialization;
using KlCore.Estimation.Counts.Corrections;

namespace KlCore.Estimation.Counts;

/// <summary>
/// What is done about the bias of an entropy or a divergence that is computed from counts: too few observations make an entropy look too
/// small and a divergence too large. n are counts with sum N, over K categories of which S were seen, f1 once and f2 twice.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(NoCorrection), "none")]
[JsonDerivedType(typeof(MillerMadowCorrection), "miller-madow")]
[JsonDerivedType(typeof(GrassbergerCorrection), "grassberger")]
[JsonDerivedType(typeof(ChaoShenCorrection), "chao-shen")]
[JsonDerivedType(typeof(JamesSteinCorrection), "james-stein")]
[JsonDerivedType(typeof(DirichletCorrection), "dirichlet")]
[JsonDerivedType(typeof(ZhangCorrection), "zhang")]
[JsonDerivedType(typeof(ChaoWangJostCorrection), "chao-wang-jost")]
[JsonDerivedType(typeof(NemenmanShafeeBialekCorrection), "nsb")]
[JsonDerivedType(typeof(JackknifeCorrection), "jackknife")]
public abstract record CountCorrection : IChecked
{
    /// <summary>Every correction with its defaults, the Dirichlet one with each of its named priors.</summary>
    public static IReadOnlyList<CountCorrection> All { get; } =
    [
        new NoCorrection(), new MillerMadowCorrection(), new GrassbergerCorrection(), new ChaoShenCorrection(), new JamesSteinCorrection(),
        .. Enum.GetValues<DirichletPrior>().Select(prior => new DirichletCorrection { Prior = prior }),
        new ZhangCorrection(), new ChaoWangJostCorrection(), new NemenmanShafeeBialekCorrection(), new JackknifeCorrection(),
    ];

    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>The formula in ASCII and where it comes from.</summary>
    public abstract CorrectionDescription Describe();

    /// <summary>The entropy in nats; at least 0 but for the jackknife, which may be a little less.</summary>
    internal abstract double Entropy(CountTable counts, CancellationToken cancellation);

    /// <summary>The entropy with what else is known of it.</summary>
    internal virtual CorrectedEntropy Correct(CountTable counts, CancellationToken cancellation) => new(Entropy(counts, cancellation), null, null);

    /// <summary>KL(p || q) in nats, or null for what corrects entropies only.</summary>
    internal virtual double? Divergence(CountPair pair) => null;

    /// <summary>Roughly how many multiplications an entropy takes for each distinct count.</summary>
    internal virtual double WorkPerSize => 10;
}

/// <summary>What is to be known about a correction before using it.</summary>
/// <param name="Formula">The estimate in ASCII.</param>
/// <param name="Summary">How it behaves.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record CorrectionDescription(string Formula, string Summary, string Source);

/// <summary>An entropy in nats, the error of its computation where it is not that of rounding, and its posterior standard deviation where there is one.</summary>
internal readonly record struct CorrectedEntropy(double Value, double? ErrorBound, double? StandardDeviation);
