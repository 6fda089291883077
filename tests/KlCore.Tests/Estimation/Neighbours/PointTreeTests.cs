using KlCore.Estimation.Neighbours;
using KlCore.Numerics;

namespace KlCore.Tests.Estimation.Neighbours;

/// <summary>The tree against a comparison of every pair.</summary>
public class PointTreeTests
{
    public static TheoryData<int, NeighbourMetric, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, NeighbourMetric, bool>();
            foreach (var d in (int[])[1, 2, 3, 5, 8, 12])
                foreach (var metric in Enum.GetValues<NeighbourMetric>())
                    foreach (var isRepeated in (bool[])[false, true]) cases.Add(d, metric, isRepeated);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Neighbours_OfEveryPoint_AreThoseOfBruteForce(int d, NeighbourMetric metric, bool isRepeated)
    {
        foreach (var n in (int[])[1, 2, 3, 15, 16, 17, 31, 33, 64, 100, 257])
        {
            var (points, queries) = (Points(n, d, 1, isRepeated), Points(40, d, 2, isRepeated));
            var tree = new PointTree(points, d);
            foreach (var k in (int[])[1, 2, 5, 11])
            {
                Same(tree, tree, points, points, k, metric, isSelf: true);
                Same(tree, new PointTree(queries, d), points, queries, k, metric, isSelf: false);
            }
        }
    }

    [Theory]
    [InlineData(2, NeighbourMetric.Euclidean)]
    [InlineData(3, NeighbourMetric.Chebyshev)]
    [InlineData(10, NeighbourMetric.Euclidean)]
    public void Neighbours_EveryWidthOfLanes_IsTheSame(int d, NeighbourMetric metric)
    {
        var tree = new PointTree(Points(500, d, 3, false), d);
        var lanes = metric == NeighbourMetric.Euclidean ? All<EuclideanMetric>(tree) : All<ChebyshevMetric>(tree);
        foreach (var search in lanes)
        {
            var other = NeighbourDistances.Search(tree, 4, metric);
            for (var place = 0; place < tree.Count; place++)
            {
                search.Find(tree.Rows, place, place);
                other.Find(tree.Rows, place, place);
                for (var rank = 1; rank <= 4; rank++)
                {
                    Assert.Equal(other.Distance(rank), search.Distance(rank), 1e-15);
                    Assert.Equal(other.Place(rank), search.Place(rank));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Within_EveryRadius_CountsAsBruteForceDoes(int d, NeighbourMetric metric, bool isRepeated)
    {
        var points = Points(150, d, 4, isRepeated);
        var tree = new PointTree(points, d);
        var range = PointRanges.Over(tree, metric);
        var search = NeighbourDistances.Search(tree, 9, metric);
        for (var place = 0; place < tree.Count; place++)
        {
            search.Find(tree.Rows, place, place);
            // The distance of the ninth neighbour itself: as large as can be told apart.
            var radius = search.Distance(9);
            var distances = Distances(points, points, tree.Order[place], d, metric).Where((_, other) => other != tree.Order[place]).ToArray();
            var within = distances.Where(distance => distance <= radius * (1 + 1e-14)).ToArray();
            Assert.Equal((within.Length, radius), range.Within(tree.Rows, place, place, radius));
            Assert.Equal(distances.Count(distance => distance < radius * (1 - 1e-14)), range.Within(tree.Rows, place, place, radius, isStrict: true).Count);
            Assert.Equal(151 - 1, 1 + range.Within(tree.Rows, place, place, 1e9).Count);
        }
    }

    /// <summary>Data that make a fixed choice of pivots take the square of the number of points.</summary>
    [Fact]
    public void Tree_OfSortedAndOfEqualPoints_IsMadeInNoTime()
    {
        var sorted = Enumerable.Range(0, 200_000).Select(i => (double)i).ToArray();
        foreach (var points in (double[][])[sorted, [.. sorted.Reverse()], [.. sorted.Select(i => i % 2)], new double[200_000]])
        {
            var tree = new PointTree(points, 1);
            Assert.Equal(points.Order(), Enumerable.Range(0, tree.LeafCount).SelectMany(leaf => tree.Rows.AsSpan(leaf * 16, Math.Min(16, tree.Count - leaf * 16)).ToArray().Order()));
        }
    }

    private static IEnumerable<INeighbourSearch> All<TMetric>(PointTree tree) where TMetric : struct, IMetric
    {
        yield return new TreeSearch<TMetric, Lanes64>(tree, 4);
        if (Lanes256.IsSupported) yield return new TreeSearch<TMetric, Lanes256>(tree, 4);
        if (Lanes512.IsSupported) yield return new TreeSearch<TMetric, Lanes512>(tree, 4);
    }

    private static void Same(PointTree tree, PointTree queries, double[] points, double[] asked, int k, NeighbourMetric metric, bool isSelf)
    {
        var found = NeighbourDistances.Of(tree, queries, k, metric, CancellationToken.None);
        for (var i = 0; i < found.Length; i++)
        {
            var distances = Distances(points, asked, i, tree.Dimension, metric).Where((_, other) => !isSelf || other != i).Order().ToArray();
            if (distances.Length < k) Assert.Equal(double.PositiveInfinity, found[i]);
            else Assert.Equal(distances[k - 1], found[i], 1e-14);
        }
    }

    private static IEnumerable<double> Distances(double[] points, double[] queries, int query, int d, NeighbourMetric metric) =>
        Enumerable.Range(0, points.Length / d).Select(other =>
        {
            var differences = Enumerable.Range(0, d).Select(axis => Math.Abs(points[other * d + axis] - queries[query * d + axis]));
            return metric == NeighbourMetric.Chebyshev ? differences.Max() : Math.Sqrt(differences.Sum(difference => difference * difference));
        });

    // Repeated points lie on a coarse grid.
    private static double[] Points(int count, int d, int seed, bool isRepeated)
    {
        var random = new Random(seed + 100 * d + count);
        return [.. Enumerable.Range(0, count * d).Select(_ => isRepeated ? random.Next(3) : random.NextDouble() * 4 - 2)];
    }
}
