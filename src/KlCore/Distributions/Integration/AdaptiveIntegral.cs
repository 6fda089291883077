using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>
/// An integral to a tolerance: in each round all stretches are split whose errors would not be negligible together, until the rest is.
/// The masses of p and q are measured beside the integrand, at the same points: what they lack of 1 shows what the points have missed.
/// </summary>
internal static class AdaptiveIntegral
{
    private const double MassTolerance = 1e-9;
    private const int MaximumRounds = 60;

    /// <summary>The integral of a function with values of any sign.</summary>
    /// <param name="ruler">What is measured with.</param>
    /// <param name="integrand">The function.</param>
    /// <param name="maximumStretches">When to give up; the error then says how far it got.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="tolerance">The error that is good enough, relative to the integral of the function's size.</param>
    public static Part Measure(Ruler ruler, Integrand integrand, int maximumStretches, CancellationToken cancellation, double tolerance = 2e-13)
    {
        var work = ruler.Stretches.Select(stretch => (Stretch: stretch, Part: ruler.Measure(stretch, integrand))).ToList();
        var remainder = ruler.Remainder(integrand);
        for (var round = 0; round < MaximumRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var total = Total(work.Select(item => item.Part));
            if (double.IsInfinity(total.Value) || double.IsNaN(total.Value)) break;
            if (total.Error <= tolerance * total.Size && total.MassError <= MassTolerance) break;
            if (work.Count >= maximumStretches || !Refine(ruler, integrand, work, total, tolerance)) break;
        }

        return Total(work.Select(item => item.Part)) + remainder;
    }

    // Those left alone have together at most half of what is tolerated.
    private static bool Refine(Ruler ruler, Integrand integrand, List<(Stretch Stretch, Part Part)> work, Part total, double tolerance)
    {
        var (enough, enoughMass) = (0.5 * tolerance * total.Size / work.Count, 0.5 * MassTolerance / work.Count);
        var refined = new List<(Stretch, Part)>(work.Count);
        foreach (var item in work)
        {
            var (_, part) = item;
            var isFine = part.Error <= Math.Max(enough, Math.Max(part.Rounding, 1e-15 * part.Size)) && part.MassError <= Math.Max(enoughMass, 1e-14 * (part.P + part.Q));
            var parts = isFine ? [] : ruler.Split(item.Stretch);
            if (parts.Count == 0) refined.Add(item);
            foreach (var smaller in parts) refined.Add((smaller, ruler.Measure(smaller, integrand)));
        }

        var changed = refined.Count > work.Count;
        work.Clear();
        work.AddRange(refined);
        return changed;
    }

    private static Part Total(IEnumerable<Part> parts)
    {
        CompensatedSum value = default, p = default, q = default;
        var rest = default(Part);
        foreach (var part in parts)
        {
            value.Add(part.Value);
            p.Add(part.P);
            q.Add(part.Q);
            rest += part;
        }

        return rest with { Value = value.Value, P = p.Value, Q = q.Value };
    }
}
