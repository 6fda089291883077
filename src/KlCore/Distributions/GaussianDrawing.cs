using KlCore.Charts;

namespace KlCore.Distributions;

/// <summary>What a picture of two Gaussians shows.</summary>
public static class GaussianDrawing
{
    private const int Steps = 400;
    private const int Corners = 96;
    private const double Reach = 4;

    private static readonly double RootTwoPi = Math.Sqrt(2 * Math.PI);

    /// <summary>Densities in one dimension, ellipses of one and two standard deviations in two.</summary>
    /// <exception cref="NotComputableException">For more dimensions.</exception>
    public static Chart Draw(GaussianPair pair, Unit unit)
    {
        var drawing = pair.Dimension switch
        {
            1 => Densities(pair),
            2 => Ellipses(pair),
            _ => throw new NotComputableException("no-picture", $"There is a picture of one or two dimensions only; these Gaussians have {pair.Dimension}."),
        };
        var word = unit == Unit.Bits ? "bits" : "nats";
        var comparison = pair.Compare();
        var (forward, reverse) = (unit.FromNats(comparison.Forward.Value), unit.FromNats(comparison.Reverse.Value));
        return drawing with { Description = $"{drawing.Description} KL(p‖q) is {forward:G4} {word}, KL(q‖p) is {reverse:G4} {word}." };
    }

    private static Chart Densities(GaussianPair pair)
    {
        var (m, n) = (pair.MeanOfP[0], pair.MeanOfQ[0]);
        var (s, t) = (pair.LowerOfP()[0], pair.LowerOfQ()[0]);
        var grid = Grid(m, s).Concat(Grid(n, t)).Order().ToArray();
        return new Chart("Two normal densities", new Axis("x"), new Axis("density"), [Density("p", SeriesKind.Area, grid, m, s), Density("q", SeriesKind.Line, grid, n, t)])
        {
            Description = $"The densities of p, normal with mean {m:G4} and standard deviation {s:G4}, and of q, with mean {n:G4} and standard deviation {t:G4}.",
        };
    }

    private static Chart Ellipses(GaussianPair pair)
    {
        return new Chart("Two normal distributions", new Axis("first coordinate"), new Axis("second coordinate"), [Ellipses("p, 1 and 2 sd", SeriesKind.Line, pair.MeanOfP, pair.LowerOfP()), Ellipses("q, 1 and 2 sd", SeriesKind.Dashed, pair.MeanOfQ, pair.LowerOfQ())])
        {
            EqualScales = true,
            Description = $"The ellipses of one and two standard deviations of p, around ({pair.MeanOfP[0]:G4}, {pair.MeanOfP[1]:G4}), and of q, around ({pair.MeanOfQ[0]:G4}, {pair.MeanOfQ[1]:G4}).",
        };
    }

    private static IEnumerable<double> Grid(double mean, double deviation) =>
        Enumerable.Range(0, Steps + 1).Select(i => mean + deviation * Reach * (2.0 * i / Steps - 1)).Where(double.IsFinite);

    private static Series Density(string name, SeriesKind kind, double[] grid, double mean, double deviation) =>
        new(name, kind, grid, Array.ConvertAll(grid, x => DensityAt((x - mean) / deviation) / deviation));

    private static double DensityAt(double z) => double.IsNaN(z) ? 0 : Math.Exp(-z * z / 2) / RootTwoPi;

    // m + r L (cos t, sin t), which for a covariance L L^T is where the Mahalanobis distance is r; one after the other, with a break.
    private static Series Ellipses(string name, SeriesKind kind, ReadOnlySpan<double> mean, double[] lower)
    {
        var (x, y) = (new List<double>(), new List<double>());
        for (var radius = 1; radius <= 2; radius++)
        {
            if (radius > 1) Add(x[^1], double.PositiveInfinity);
            for (var i = 0; i <= Corners; i++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * i / Corners);
                Add(mean[0] + radius * lower[0] * cos, mean[1] + radius * (lower[2] * cos + lower[3] * sin));
            }
        }

        return new Series(name, kind, x, y);

        void Add(double abscissa, double ordinate)
        {
            x.Add(abscissa);
            y.Add(ordinate);
        }
    }
}
