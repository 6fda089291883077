using KlCore.Charts;
using KlCore.Divergences;

namespace KlCore.Distributions;

/// <summary>What a picture of two distributions of a number shows: both densities, and where KL(p || q) comes from.</summary>
public static class DensityDrawing
{
    private const int Steps = 300;
    private const int MostBars = 400;
    private const double Tail = 0.003;

    // Near a pole a density has no height that would fit; this many times the largest ordinary one is where it is cut.
    private const double Cut = 3;

    /// <summary>
    /// The densities (of integers the probabilities), and as a dashed line p ln(p/q), whose integral is KL(p || q), drawn below 0 where p is
    /// less than q. From the outermost 0.3 % of either to the other.
    /// </summary>
    /// <exception cref="NotComputableException">For points of several coordinates, and for distributions that have no divergence.</exception>
    public static Chart Draw(DistributionPair pair, Unit unit)
    {
        if (pair.P.OnTheLine() is not { } p || pair.Q.OnTheLine() is not { } q)
            throw new NotComputableException("no-picture", $"There is a picture of distributions of one number only; these are of {pair.P.Dimension()}.");
        var forward = pair.Measure(new KullbackLeibler(), new MeasureOptions(), unit);
        var word = unit == Unit.Bits ? "bits" : "nats";
        var grid = p is Discrete ? Integers(p, q) : Reals(p, q);
        var (heightsOfP, heightsOfQ) = (Heights(p, grid), Heights(q, grid));
        var highest = Cut * Ordinary(heightsOfP, heightsOfQ);
        var shares = grid.Select(x => Share(p.LogDensity(x), q.LogDensity(x), unit)).Select(share => Math.Abs(share) > highest ? double.PositiveInfinity : share).ToArray();
        var (kindOfP, kindOfQ) = p is Discrete ? (SeriesKind.Points, SeriesKind.Points) : (SeriesKind.Area, SeriesKind.Line);
        var (nameOfP, nameOfQ) = (FamilyCatalogue.NameOf(pair.P.GetType()), FamilyCatalogue.NameOf(pair.Q.GetType()));
        return new Chart($"{nameOfP} against {nameOfQ}", new Axis("x"), new Axis(p is Discrete ? "probability" : "density"),
        [
            new Series($"p, {nameOfP}", kindOfP, grid, Below(heightsOfP, highest)),
            new Series($"q, {nameOfQ}", kindOfQ, grid, Below(heightsOfQ, highest)),
            new Series("p ln(p/q)", SeriesKind.Dashed, grid, shares),
        ])
        {
            Description = $"The {(p is Discrete ? "probabilities" : "densities")} of p, {nameOfP}, and of q, {nameOfQ}, and p ln(p/q), whose {(p is Discrete ? "sum" : "integral")} KL(p‖q) is {forward.Value:G4} {word}.",
        };
    }

    // p ln(p/q) in the unit; where q is 0 it is infinite.
    private static double Share(double logP, double logQ, Unit unit) =>
        double.IsNegativeInfinity(logP) ? 0 : double.IsPositiveInfinity(logP) || double.IsInfinity(logQ) ? double.PositiveInfinity : unit.FromNats(Math.Exp(logP) * (logP - logQ));

    private static double[] Heights(Univariate distribution, double[] grid) => Array.ConvertAll(grid, x => Math.Exp(distribution.LogDensity(x)));

    private static double[] Below(double[] heights, double highest) => Array.ConvertAll(heights, height => height > highest ? double.PositiveInfinity : height);

    // The height that nine tenths of the points of the higher density are below.
    private static double Ordinary(double[] p, double[] q)
    {
        var height = Math.Max(Decile(p), Decile(q));
        return height > 0 ? height : 1;

        static double Decile(double[] heights)
        {
            double[] finite = [.. heights.Where(double.IsFinite).Order()];
            return finite.Length == 0 ? 0 : finite[(finite.Length - 1) * 9 / 10];
        }
    }

    // Even between the outer quantiles, with points more closely where one of the two is much narrower.
    private static double[] Reals(Univariate p, Univariate q)
    {
        var (lower, upper) = (Math.Min(p.Quantile(Tail), q.Quantile(Tail)), Math.Max(p.UpperQuantile(Tail), q.UpperQuantile(Tail)));
        var marks = new List<double>();
        foreach (var (from, to) in new[] { (lower, upper), (p.Quantile(Tail), p.UpperQuantile(Tail)), (q.Quantile(Tail), q.UpperQuantile(Tail)) })
        {
            for (var i = 0; i <= Steps; i++) marks.Add(from + (to - from) * i / Steps);
        }

        return [.. marks.Where(double.IsFinite).Distinct().Order()];
    }

    private static double[] Integers(Univariate p, Univariate q)
    {
        var (lower, upper) = (Math.Min(p.Quantile(Tail), q.Quantile(Tail)), Math.Max(p.UpperQuantile(Tail), q.UpperQuantile(Tail)));
        var step = Math.Max(1, Math.Ceiling((upper - lower) / MostBars));
        return [.. Enumerable.Range(0, (int)Math.Min(MostBars, Math.Floor((upper - lower) / step)) + 1).Select(i => lower + i * step)];
    }
}
