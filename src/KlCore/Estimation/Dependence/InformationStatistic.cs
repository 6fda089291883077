using KlCore.Estimation.Neighbours;
using KlCore.Numerics;

namespace KlCore.Estimation.Dependence;

/// <summary>The estimate of <see cref="NearestNeighbourInformation"/> of selected pairs.</summary>
internal sealed class InformationStatistic : PooledStatistic
{
    private readonly NearestNeighbourInformation _estimator;
    private readonly Points _x;
    private readonly Points _y;

    public InformationStatistic(NearestNeighbourInformation estimator, PairedSample sample) =>
        (_estimator, _x, _y) = (estimator, Scaled(sample.X, estimator.Standardize), Scaled(sample.Y, estimator.Standardize));

    public override bool IsShared => true;

    public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
    {
        var (n, k) = (x.Length, _estimator.K);
        if (k >= n) return double.NaN;
        var (a, b) = (PairedSample.Gather(_x, x), PairedSample.Gather(_y, y));
        var (countsOfX, countsOfY) = (new NeighbourCounts(a, _x.Dimension), new NeighbourCounts(b, _y.Dimension));
        var joint = PairedSample.Join(a, _x.Dimension, b, _y.Dimension);
        var tied = new Lazy<(SamePlaces Pairs, SamePlaces X, SamePlaces Y)>(() => (new(joint, _x.Dimension + _y.Dimension), new(a, _x.Dimension), new(b, _y.Dimension)));
        var tree = new PointTree(joint, _x.Dimension + _y.Dimension);
        var ofK = GammaFunctions.Digamma(k) - (_estimator.Variant == InformationVariant.Ksg2 ? 1.0 / k : 0);
        var search = NeighbourDistances.Search(tree, k, NeighbourMetric.Chebyshev);
        CompensatedSum sum = default;
        for (var place = 0; place < n; place++)
        {
            if ((place & 1023) == 0) cancellation.ThrowIfCancellationRequested();
            search.Find(tree.Rows, place, place);
            var i = tree.Order[place];
            if (search.Distance(k) == 0)
            {
                // No distance, so no density: a value that is taken again and again is counted, as where both are discrete.
                var (pairs, inX, inY) = tied.Value;
                sum.Add(ofK - GammaFunctions.Digamma(pairs[i]) + GammaFunctions.Digamma(inX[i]) + GammaFunctions.Digamma(inY[i]));
            }
            else if (_estimator.Variant == InformationVariant.Ksg1)
            {
                var radius = search.Distance(k);
                sum.Add(GammaFunctions.Digamma(countsOfX.Below(i, radius) + 1) + GammaFunctions.Digamma(countsOfY.Below(i, radius) + 1));
            }
            else
            {
                var (radiusOfX, radiusOfY) = (0.0, 0.0);
                for (var rank = 1; rank <= k; rank++)
                {
                    var other = tree.Order[search.Place(rank)];
                    radiusOfX = Math.Max(radiusOfX, Distance(a, _x.Dimension, i, other));
                    radiusOfY = Math.Max(radiusOfY, Distance(b, _y.Dimension, i, other));
                }

                sum.Add(GammaFunctions.Digamma(countsOfX.Within(i, radiusOfX)) + GammaFunctions.Digamma(countsOfY.Within(i, radiusOfY)));
            }
        }

        return ofK + GammaFunctions.Digamma(n) - sum.Value / n;
    }

    public override IEnumerable<string> Warnings()
    {
        var crowded = new SamePlaces(PairedSample.Join([.. _x.Coordinates], _x.Dimension, [.. _y.Coordinates], _y.Dimension), _x.Dimension + _y.Dimension).Crowded(_estimator.K);
        if (crowded > 0)
            yield return $"{crowded} of {_x.Count} pairs have their k-th neighbour at the same place: rounded, repeated or discrete data. They are counted as equal values instead of measured by distances.";
    }

    private static double Distance(double[] points, int d, int i, int j)
    {
        var largest = 0.0;
        for (var axis = 0; axis < d; axis++) largest = Math.Max(largest, Math.Abs(points[j * d + axis] - points[i * d + axis]));
        return largest;
    }

    private static Points Scaled(Points points, bool standardize)
    {
        if (!standardize) return points;
        var d = points.Dimension;
        var (moments, scaled) = (SampleMoments.Of(points.Coordinates, d), points.Coordinates.ToArray());
        for (var i = 0; i < scaled.Length; i++)
        {
            var variance = moments.Covariance![i % d][i % d];
            if (variance > 0 && double.IsFinite(variance)) scaled[i] /= Math.Sqrt(variance);
        }

        return new Points(scaled, d, points.IsPlain);
    }
}

/// <summary>How many other points lie within a distance of one: on a line by sorting, else by a tree.</summary>
internal sealed class NeighbourCounts
{
    private readonly double[] _points;
    private readonly double[]? _sorted;
    private readonly PointTree? _tree;
    private readonly int[] _places = [];
    private readonly IRangeSearch? _range;

    public NeighbourCounts(double[] points, int dimension)
    {
        _points = points;
        if (dimension == 1)
        {
            _sorted = (double[])points.Clone();
            Array.Sort(_sorted);
            return;
        }

        _tree = new PointTree(points, dimension);
        _places = new int[_tree.Count];
        for (var place = 0; place < _places.Length; place++) _places[_tree.Order[place]] = place;
        _range = PointRanges.Over(_tree, NeighbourMetric.Chebyshev);
    }

    /// <summary>Others less far away than <paramref name="radius"/>.</summary>
    public int Below(int point, double radius) => _sorted is null
        ? _range!.Within(_tree!.Rows, _places[point], _places[point], radius, isStrict: true).Count
        : Math.Max(0, First(_points[point], radius, above: true) - First(_points[point], -radius, above: false) - 1);

    /// <summary>Others at most so far away.</summary>
    public int Within(int point, double radius) => Below(point, Math.BitIncrement(radius));

    // The first place of the sorted numbers whose difference is at least the radius (above), or greater than minus the radius.
    private int First(double value, double radius, bool above)
    {
        var (low, high) = (0, _sorted!.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var difference = _sorted[middle] - value;
            if (above ? difference < radius : difference <= radius) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
