using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of von Mises' law on the circle.</summary>
internal static class CircleForms
{
    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<VonMises, VonMises>("ln(I0(k')/I0(k)) - (k' - k) A(k) + 2 k' A(k) sin^2((mean - mean')/2), k = concentration, A = I1/I0", (p, q) => Between(p, q)) { Chernoff = LogChernoff },
        new ClosedForm<VonMises, Uniform>("k A(k) - ln I0(k) + ln((upper' - lower')/(2 pi)), k = concentration, A = I1/I0; Infinity unless q covers the circle", ToUniform),
    ];

    private static double Between(VonMises p, VonMises q)
    {
        var sine = Math.Sin(0.5 * (p.Centre() - q.Centre()));
        return ScaledBessel.LogZeroBregman(p.Concentration, q.Concentration) + 2 * (q.Concentration * (ScaledBessel.Ratio(p.Concentration) * sine) * sine);
    }

    // The weighted sum of both directions is that of the law between them: minus the mean of its divergences.
    private static double? LogChernoff(VonMises p, VonMises q, double a)
    {
        var (k, angle) = ((1 - a) * q.Concentration, q.Centre() - p.Centre());
        var (along, across) = (a * p.Concentration + k * Math.Cos(angle), k * Math.Sin(angle));
        var middle = new VonMises { Mean = p.Centre() + Math.Atan2(across, along), Concentration = Math.Sqrt(along * along + across * across) };
        return double.IsFinite(middle.Concentration) ? -(a * Between(middle, p) + (1 - a) * Between(middle, q)) : null;
    }

    private static double? ToUniform(VonMises p, Uniform q)
    {
        if (q.Lower > -Math.PI || q.Upper < Math.PI) return double.PositiveInfinity;
        return ScaledBessel.LogZeroBregman(p.Concentration, 0) + Math.Max(0, q.LogWidth() - Math.Log(2 * Math.PI));
    }
}
