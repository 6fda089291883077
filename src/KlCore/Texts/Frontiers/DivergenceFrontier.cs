using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Texts.Frontiers;

/// <summary>
/// How well q keeps to p and p to q at once: for r = w p + (1-w) q between the two, KL(q || r) says how much of q is unlike p, KL(p || r) how much of p is missing
/// from q. Source: K. Pillutla et al., "MAUVE: measuring the gap between neural text and human text using divergence frontiers", NeurIPS 2021.
/// </summary>
internal sealed class DivergenceFrontier
{
    // So far from 0 and 1 the outermost mixtures lie; further out nothing happens but on categories that one side lacks.
    private const double Edge = 1e-6;

    private DivergenceFrontier(IReadOnlyList<FrontierMixture> curve, double area) => (Curve, Area) = (curve, area);

    /// <summary>The points from the one at (1, 0), where r is q, to the one at (0, 1), where r is p.</summary>
    public IReadOnlyList<FrontierMixture> Curve { get; }

    /// <summary>MAUVE: the area under the curve of exp(-scale KL), from 0 (nothing in common) to 1 (equal).</summary>
    public double Area { get; }

    /// <summary>The frontier of a pair.</summary>
    /// <param name="pair">p and q, normalised.</param>
    /// <param name="scale">What divergences are multiplied by, above 0.</param>
    /// <param name="points">How many mixtures, at least 2.</param>
    public static DivergenceFrontier Of(Pair pair, double scale, int points)
    {
        var curve = new FrontierMixture[points + 2];
        curve[0] = new FrontierMixture(0, 0, double.PositiveInfinity, 1, 0);
        for (var i = 0; i < points; i++) curve[i + 1] = At(pair, i, points, scale);
        curve[^1] = new FrontierMixture(1, double.PositiveInfinity, 0, 0, 1);
        // Along the curve x falls and y rises, so that sorting by either leaves it as it is and both ways to take the area agree.
        CompensatedSum area = default;
        for (var i = 1; i < curve.Length; i++) area.Add((curve[i - 1].X - curve[i].X) * (curve[i - 1].Y + curve[i].Y) / 2);
        return new DivergenceFrontier(curve, Math.Clamp(area.Value, 0, 1));
    }

    /// <summary>
    /// The frontier integral, 2 int w KL(p || r) + (1-w) KL(q || r) dw, in closed form: 2 sum [(p + q)/4 - p q (ln p - ln q) / (2 (p - q))], from 0 to 1.
    /// With s = (p-q)/(p+q) each term is (p+q)/2 sum over k of s^2k / (4 k^2 - 1), which is used where p and q are close.
    /// Source: L. Liu et al., "Divergence frontiers for generative models", NeurIPS 2021.
    /// </summary>
    public static double Integral(Pair pair)
    {
        CompensatedSum sum = default;
        for (var i = 0; i < pair.Count; i++) sum.Add(Term(pair[i]));
        return Math.Min(1, 2 * sum.Value);
    }

    private static double Term(Cell cell)
    {
        if (cell.P == 0 || cell.Q == 0) return (cell.P + cell.Q) / 4;
        var square = cell.Skewness * cell.Skewness;
        if (square > 0.04) return Math.Max(0, ((cell.P + cell.Q) / 4) + (cell.P * (cell.Q / cell.Difference) * cell.LogRatio / 2));
        var (series, power) = (0.0, square);
        for (var k = 1; power > 1e-18 * square && power > 0; k++, power *= square) series += power / ((4.0 * k * k) - 1);
        return (cell.P + cell.Q) / 2 * series;
    }

    private static FrontierMixture At(Pair pair, int i, int points, double scale)
    {
        // Each share is taken from its own end, so that neither loses digits to the other.
        var (ofP, ofQ) = (Edge + ((1 - (2 * Edge)) * i / (points - 1)), Edge + ((1 - (2 * Edge)) * (points - 1 - i) / (points - 1)));
        CompensatedSum fromP = default, fromQ = default;
        for (var category = 0; category < pair.Count; category++)
        {
            var cell = pair[category];
            fromP.Add(cell.TowardsMixture(ofP, ofQ));
            fromQ.Add(cell.Reversed.TowardsMixture(ofQ, ofP));
        }

        return new FrontierMixture(ofP, fromQ.Value, fromP.Value, Math.Exp(-scale * fromQ.Value), Math.Exp(-scale * fromP.Value));
    }
}

/// <summary>One point of a divergence frontier, for the mixture r = weight p + (1 - weight) q.</summary>
/// <param name="Weight">The share of p in r.</param>
/// <param name="KlQ">KL(q || r) in nats: how much of q is unlike p.</param>
/// <param name="KlP">KL(p || r) in nats: how much of p is missing from q.</param>
/// <param name="X">exp(-scale KL(q || r)).</param>
/// <param name="Y">exp(-scale KL(p || r)).</param>
public sealed record FrontierMixture(double Weight, double KlQ, double KlP, double X, double Y);
