using KlCore.Numerics;

namespace KlCore.Texts.Frontiers;

/// <summary>The frontier between features: normalised, projected, clustered several times over, counted.</summary>
internal static class FeatureFrontier
{
    private const double MultiplicationsPerSecond = 4e9;
    private const double MostSeconds = 20;
    // How many steps a descent takes, roughly.
    private const int ExpectedSteps = 25;
    private const int WidestComponents = 1024;

    public static MauveAnswer Measure(Mauve how, Points p, Points q, CancellationToken cancellation)
    {
        var problems = new Problems();
        Require(p, problems.At("p"));
        Require(q, problems.At("q"));
        if (!problems.Any && p.Dimension != q.Dimension) problems.Add("q", $"must have rows of {p.Dimension} numbers like p, had {q.Dimension}");
        problems.ThrowIfAny();
        var clusters = how.Clusters ?? Math.Max(2, (int)Math.Round(Math.Min(p.Count, q.Count) / 10.0));
        if (clusters > p.Count + q.Count) throw new InvalidInputException("clusters", $"must be at most the number of rows, {p.Count + q.Count}, was {clusters}");
        RequireAffordable(how, p.Count + q.Count, p.Dimension, clusters);
        var rows = Prepare(how, p, q, cancellation);
        RequireAffordable(how, p.Count + q.Count, rows.Width, clusters);
        var frontiers = new List<CountFrontier>();
        for (var seed = 0; seed < how.Seeds; seed++)
        {
            var cells = KMeans.Assign(rows, clusters, how.Redos, how.Iterations, new RandomStream(how.Seed, seed, "mauve clusters"), cancellation);
            frontiers.Add(new CountFrontier(how, Count(cells.AsSpan(0, p.Count), clusters), Count(cells.AsSpan(p.Count), clusters)));
        }

        return Answer(frontiers, clusters, rows.Width, [p.Count, q.Count], cancellation);
    }

    private static void Require(Points side, Problems problems)
    {
        side.Check(problems);
        if (side.Count < 2) problems.Add($"must have at least 2 rows, had {side.Count}");
    }

    private static void RequireAffordable(Mauve how, double rows, int width, int clusters)
    {
        // The first look knows no less than a tenth of the width: projected features are narrower.
        var projected = how.Variance < 1 && width > 10 ? width / 10.0 : width;
        var seconds = rows * projected * clusters * how.Redos * how.Seeds * Math.Min(how.Iterations, ExpectedSteps) / MultiplicationsPerSecond;
        if (how.Variance < 1 && width > WidestComponents) throw new TooCostlyException($"Principal components are found of at most {WidestComponents} features, these are {width}; set variance to 1, or project them first.");
        if (seconds > MostSeconds) throw new TooCostlyException($"Clustering would take about {seconds:F0} s of one core, where {MostSeconds} are allowed; ask for fewer clusters, seeds or redos.");
    }

    private static PaddedRows Prepare(Mauve how, Points p, Points q, CancellationToken cancellation)
    {
        var rows = new PaddedRows(p.Count + q.Count, p.Dimension);
        for (var i = 0; i < rows.Count; i++) (i < p.Count ? p[i] : q[i - p.Count]).CopyTo(rows[i]);
        // Squares of numbers near 1 neither over- nor underflow, and a common factor changes no cluster.
        Scale(rows.Numbers);
        if (how.Normalize) for (var i = 0; i < rows.Count; i++) Normalize(rows[i]);
        cancellation.ThrowIfCancellationRequested();
        return how.Variance < 1 ? PrincipalComponents.Of(rows, how.Variance) : rows;
    }

    private static void Scale(Span<double> numbers)
    {
        var largest = 0.0;
        foreach (var number in numbers) largest = Math.Max(largest, Math.Abs(number));
        if (largest == 0) return;
        var power = -Math.ILogB(largest);
        foreach (ref var number in numbers) number = Math.ScaleB(number, power);
    }

    private static void Normalize(Span<double> row)
    {
        Scale(row);
        var length = Math.Sqrt(Rows.Dot(row, row));
        if (length == 0) return;
        foreach (ref var number in row) number /= length;
    }

    private static double[] Count(ReadOnlySpan<int> cells, int clusters)
    {
        var counts = new double[clusters];
        foreach (var cell in cells) counts[cell]++;
        return counts;
    }

    private static MauveAnswer Answer(List<CountFrontier> frontiers, int clusters, int width, double[] counts, CancellationToken cancellation)
    {
        double[] bySeed = [.. frontiers.Select(frontier => frontier.Frontier.Area)];
        var sampling = frontiers[0].SamplingError(cancellation, out var warnings);
        double? clustering = bySeed.Length > 1 ? CountFrontier.Deviation(bySeed) : null;
        if (counts.Min() < 5 * clusters) warnings.Add($"the smaller side has {counts.Min():F0} rows for {clusters} cells: MAUVE comes out too small where cells are nearly empty; MAUVE* less so");
        return new MauveAnswer
        {
            Mauve = bySeed.Average(),
            Method = Method.Estimate,
            MauveStar = frontiers.Average(frontier => frontier.Star!.Area),
            FrontierIntegral = frontiers.Average(frontier => frontier.Integral),
            FrontierIntegralStar = frontiers.Average(frontier => frontier.StarIntegral!.Value),
            StandardError = sampling is null && clustering is null ? null : Math.Sqrt(Square(sampling) + (Square(clustering) / bySeed.Length)),
            SamplingError = sampling,
            ClusteringError = clustering,
            BySeed = bySeed,
            Cells = clusters,
            Dimension = width,
            Counts = counts,
            Curve = frontiers[0].Frontier.Curve,
            Warnings = warnings,
        };
    }

    private static double Square(double? value) => value is { } number ? number * number : 0;
}
