using KlCore;
using KlCore.Distributions;

namespace KlApi.Gaussians;

/// <summary>What was measured between two Gaussians p and q.</summary>
public sealed record GaussiansAnswer
{
    /// <summary>The unit of divergences, of <c>bhattacharyya</c> and of terms.</summary>
    public required Unit Unit { get; init; }

    /// <summary>How many coordinates both have.</summary>
    public required int Dimension { get; init; }

    /// <summary>KL(p‖q).</summary>
    public required DirectedResult Forward { get; init; }

    /// <summary>KL(q‖p).</summary>
    public required DirectedResult Reverse { get; init; }

    /// <summary>KL(p‖q) + KL(q‖p).</summary>
    public required Measurement Jeffreys { get; init; }

    /// <summary>−ln ∫√(pq).</summary>
    public required Measurement Bhattacharyya { get; init; }

    /// <summary>√(1 − ∫√(pq)), from 0 to 1, without unit.</summary>
    public required Measurement Hellinger { get; init; }

    /// <summary>The Wasserstein distance of order 2 (not its square), in the unit of the coordinates.</summary>
    public required Measurement Wasserstein2 { get; init; }

    /// <summary>The ratio of the largest eigenvalue of each covariance to its smallest.</summary>
    public required ConditionNumbers ConditionNumbers { get; init; }

    /// <summary>What a reader should know about the numbers behind the results.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    internal static GaussiansAnswer Of(GaussianComparison measured, Unit unit) => new()
    {
        Unit = unit,
        Dimension = measured.Dimension,
        Forward = DirectedResult.Of(Direction.Forward, measured.Forward, unit),
        Reverse = DirectedResult.Of(Direction.Reverse, measured.Reverse, unit),
        Jeffreys = ClosedForm(unit.FromNats(measured.Jeffreys())),
        Bhattacharyya = ClosedForm(unit.FromNats(measured.Bhattacharyya)),
        Hellinger = ClosedForm(measured.Hellinger),
        Wasserstein2 = ClosedForm(measured.Wasserstein2),
        ConditionNumbers = measured.ConditionNumbers,
        Warnings = measured.Warnings,
    };

    private static Measurement ClosedForm(double value) => new(value, Method.ClosedForm);
}

/// <summary>A KL divergence and what it is made of.</summary>
/// <param name="Direction">Under which of the two the expectation is.</param>
/// <param name="Value">The divergence: at least 0; infinite only where it is too large for a double.</param>
/// <param name="Method">How the value was found.</param>
/// <param name="Terms">Value = (trace − d + mahalanobis + logDeterminant) / 2, with d in the unit.</param>
public sealed record DirectedResult(Direction Direction, double Value, Method Method, GaussianTerms Terms)
{
    internal static DirectedResult Of(Direction direction, DirectedGaussian measured, Unit unit) => new(
        direction, unit.FromNats(measured.Value), Method.ClosedForm,
        new GaussianTerms(unit.FromNats(measured.Mahalanobis), unit.FromNats(measured.Trace), unit.FromNats(measured.LogDeterminant)));
}

/// <summary>The parts of twice a KL divergence of a reference N(m, S) from a model N(n, T), in the unit (in bits each is divided by ln 2).</summary>
/// <param name="Mahalanobis">(m − n)ᵀT⁻¹(m − n): what the means contribute.</param>
/// <param name="Trace">tr(T⁻¹S); d for equal covariances.</param>
/// <param name="LogDeterminant">ln det T − ln det S.</param>
public sealed record GaussianTerms(double Mahalanobis, double Trace, double LogDeterminant);
