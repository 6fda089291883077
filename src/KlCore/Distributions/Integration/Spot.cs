namespace KlCore.Distributions.Integration;

/// <summary>What an integrand comes to at one point, already multiplied by the point's share of the line.</summary>
/// <param name="Value">The integrand.</param>
/// <param name="Rounding">How far off it may be for the rounding of the logarithms it is made of.</param>
/// <param name="P">The density of p.</param>
/// <param name="Q">The density of q.</param>
internal readonly record struct Spot(double Value, double Rounding, double P, double Q);

/// <summary>An integrand over the line: at a point, given the logarithm of the point's share of it.</summary>
internal delegate Spot Integrand(double x, double logWeight);

/// <summary>A part of the line that is measured at once, in the ruler's own coordinate.</summary>
internal readonly record struct Stretch(int Piece, double From, double To);

/// <summary>What is known of an integral, or of a part of it.</summary>
/// <param name="Value">The integral.</param>
/// <param name="Error">How far off: the difference between two rules.</param>
/// <param name="Rounding">How far off for rounding.</param>
/// <param name="P">The mass of p.</param>
/// <param name="Q">The mass of q.</param>
/// <param name="MassError">How far off the masses.</param>
/// <param name="Size">The integral of the integrand's absolute value.</param>
internal readonly record struct Part(double Value, double Error, double Rounding, double P, double Q, double MassError, double Size)
{
    public static Part operator +(Part a, Part b) => new(
        a.Value + b.Value, a.Error + b.Error, a.Rounding + b.Rounding, a.P + b.P, a.Q + b.Q, a.MassError + b.MassError, a.Size + b.Size);
}

/// <summary>Measures stretches of the line: of reals by quadrature, of integers by summation.</summary>
internal abstract class Ruler
{
    /// <summary>The stretches to begin with, which together cover everything, from left to right.</summary>
    public abstract IReadOnlyList<Stretch> Stretches { get; }

    /// <summary>The integral over one stretch.</summary>
    public abstract Part Measure(Stretch stretch, Integrand integrand);

    /// <summary>The stretch in smaller parts; none if there are none.</summary>
    public abstract IReadOnlyList<Stretch> Split(Stretch stretch);

    /// <summary>What lies beyond the outermost points that can be looked at, extrapolated; as an error it counts in full.</summary>
    public abstract Part Remainder(Integrand integrand);

    /// <summary>The points of a stretch at which it is looked at, ascending in the ruler's coordinate, with the logarithm of their share of the line.</summary>
    public abstract IEnumerable<(double At, double X, double LogWeight)> Points(Stretch stretch);

    /// <summary>The point at a coordinate of a piece.</summary>
    public abstract (double X, double LogWeight) Place(int piece, double at);
}
