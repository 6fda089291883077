using System.Text.Json.Serialization;

namespace KlCore.Divergences;

/// <summary>
/// A measure of how much q differs from p over the same categories. Each is a sealed record: its properties are its parameters, one
/// attribute line below lists it, and the catalogue, the JSON form and the documentation follow from there.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(KullbackLeibler), "kullback-leibler")]
[JsonDerivedType(typeof(Jeffreys), "jeffreys")]
[JsonDerivedType(typeof(JensenShannon), "jensen-shannon")]
[JsonDerivedType(typeof(JensenShannonDistance), "jensen-shannon-distance")]
[JsonDerivedType(typeof(Skew), "skew")]
[JsonDerivedType(typeof(KDivergence), "k-divergence")]
[JsonDerivedType(typeof(Topsoe), "topsoe")]
[JsonDerivedType(typeof(Renyi), "renyi")]
[JsonDerivedType(typeof(Tsallis), "tsallis")]
[JsonDerivedType(typeof(Amari), "alpha")]
[JsonDerivedType(typeof(Power), "power")]
[JsonDerivedType(typeof(ChiSquared), "chi-squared")]
[JsonDerivedType(typeof(Hellinger), "hellinger")]
[JsonDerivedType(typeof(SquaredHellinger), "squared-hellinger")]
[JsonDerivedType(typeof(Bhattacharyya), "bhattacharyya")]
[JsonDerivedType(typeof(TotalVariation), "total-variation")]
[JsonDerivedType(typeof(Triangular), "triangular")]
[JsonDerivedType(typeof(PopulationStability), "population-stability")]
[JsonDerivedType(typeof(CrossEntropy), "cross-entropy")]
[JsonDerivedType(typeof(GeneralizedKullbackLeibler), "generalized-kullback-leibler")]
[JsonDerivedType(typeof(Wasserstein), "wasserstein")]
[JsonDerivedType(typeof(Sinkhorn), "sinkhorn")]
[JsonDerivedType(typeof(EnergyDistance), "energy-distance")]
[JsonDerivedType(typeof(KolmogorovSmirnov), "kolmogorov-smirnov")]
public abstract record Divergence : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>Measures how much the second distribution of the pair differs from the first.</summary>
    /// <param name="pair">p and q.</param>
    /// <param name="unit">The unit of log-like measures; the others have none.</param>
    /// <param name="cancellation">Looked at by the measures that take long.</param>
    /// <returns>A value that is never NaN and may be infinite.</returns>
    /// <exception cref="InvalidInputException">A parameter is outside its bounds.</exception>
    /// <exception cref="NotComputableException">The measure has no value that could be computed for such a pair.</exception>
    public Measurement Between(Pair pair, Unit unit = Unit.Nats, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var measured = Measure(pair, cancellation);
        if (double.IsNaN(measured.Value)) throw new InvalidOperationException($"{this} came out as NaN.");
        return measured with { Value = InUnit(measured.Value, unit) + 0.0 };
    }

    /// <summary>What the catalogue says of the measure.</summary>
    public abstract Description Describe();

    /// <summary>The value in nats, or without unit.</summary>
    internal abstract Measurement Measure(Pair pair, CancellationToken cancellation);

    /// <summary>What the measure is of two densities; null where it is of finitely many categories only.</summary>
    internal virtual DensityForm? OfDensities() => null;

    /// <summary>A value in nats, said in the unit; itself where the measure has none.</summary>
    internal virtual double InUnit(double value, Unit unit) => Describe().FollowsUnit ? unit.FromNats(value) : value;

    /// <summary>A value that is exact to rounding error.</summary>
    internal static Measurement Exact(double value) => new(value, Method.Exact);
}
