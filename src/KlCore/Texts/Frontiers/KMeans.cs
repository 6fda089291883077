using KlCore.Numerics;

namespace KlCore.Texts.Frontiers;

/// <summary>
/// Lloyd's algorithm from centres that k-means++ chose, the best of several beginnings. The same whatever the number of threads.
/// Sources: S. Lloyd, IEEE Transactions on Information Theory 28 (1982); D. Arthur and S. Vassilvitskii, SODA 2007.
/// </summary>
internal sealed class KMeans
{
    private const int RowsPerPart = 64;

    private readonly PaddedRows _rows;
    private readonly PaddedRows _centres;
    private readonly double[] _centreNorms;
    private readonly double[] _distances;
    private readonly int[] _nearest;

    private KMeans(PaddedRows rows, int clusters)
    {
        _rows = rows;
        _centres = new PaddedRows(clusters, rows.Width);
        _centreNorms = new double[_centres.PaddedCount];
        (_distances, _nearest) = (new double[rows.PaddedCount], new int[rows.PaddedCount]);
    }

    /// <summary>The cluster of each row, the best of several runs.</summary>
    /// <param name="rows">What to cluster.</param>
    /// <param name="clusters">How many clusters at most: no more than there are different rows.</param>
    /// <param name="redos">How many runs.</param>
    /// <param name="iterations">How many steps each takes at most.</param>
    /// <param name="random">Draws the first centres.</param>
    /// <param name="cancellation">Looked at in each step.</param>
    public static int[] Assign(PaddedRows rows, int clusters, int redos, int iterations, RandomStream random, CancellationToken cancellation)
    {
        int[] best = [];
        var least = double.PositiveInfinity;
        for (var redo = 0; redo < redos; redo++)
        {
            var run = new KMeans(rows, clusters);
            run.ChooseCentres(random, cancellation);
            var inertia = run.Descend(iterations, cancellation);
            if (inertia >= least) continue;
            least = inertia;
            best = run._nearest[..rows.Count];
        }

        return best;
    }

    /// <summary>The first centre is any row, each next one a row drawn in proportion to its squared distance from those there are.</summary>
    private void ChooseCentres(RandomStream random, CancellationToken cancellation)
    {
        Array.Fill(_distances, double.PositiveInfinity);
        var norms = new double[_rows.Count];
        for (var i = 0; i < norms.Length; i++) norms[i] = Rows.Dot(_rows[i], _rows[i]);
        var next = random.NextIndex(_rows.Count);
        for (var cluster = 0; cluster < _centres.Count; cluster++)
        {
            cancellation.ThrowIfCancellationRequested();
            _rows[next].CopyTo(_centres[cluster]);
            CompensatedSum sum = default;
            for (var i = 0; i < _rows.Count; i++)
            {
                var squared = i == next ? 0 : norms[i] - (2 * Rows.Dot(_rows[i], _centres[cluster])) + norms[next];
                _distances[i] = Math.Max(0, Math.Min(_distances[i], squared));
                sum.Add(_distances[i]);
            }

            next = Draw(sum.Value, random);
        }
    }

    private int Draw(double sum, RandomStream random)
    {
        var left = random.NextUniform() * sum;
        var last = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_distances[i] <= 0) continue;
            last = i;
            left -= _distances[i];
            if (left < 0) break;
        }

        return last;
    }

    private double Descend(int iterations, CancellationToken cancellation)
    {
        var before = double.PositiveInfinity;
        for (var iteration = 0; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var inertia = FindNearest();
            // Nothing moved any more, or so little that rounding decides.
            if (iteration == iterations || inertia >= before * (1 - 1e-12)) return inertia;
            before = inertia;
            MoveCentres();
        }
    }

    private double FindNearest()
    {
        Array.Fill(_centreNorms, double.PositiveInfinity);
        for (var cluster = 0; cluster < _centres.Count; cluster++) _centreNorms[cluster] = Rows.Dot(_centres[cluster], _centres[cluster]);
        var parts = (_rows.PaddedCount + RowsPerPart - 1) / RowsPerPart;
        Parallel.For(0, parts, part => FindNearest(part * RowsPerPart, Math.Min(_rows.PaddedCount, (part + 1) * RowsPerPart)));
        CompensatedSum sum = default;
        for (var i = 0; i < _rows.Count; i++)
        {
            _distances[i] = Squared(_rows[i], _centres[_nearest[i]]);
            sum.Add(_distances[i]);
        }

        return sum.Value;
    }

    // |x - c|^2 = |x|^2 - 2 x c + |c|^2, of which the first is the same for all centres.
    private void FindNearest(int from, int to)
    {
        Span<double> products = stackalloc double[TileProducts.Size * TileProducts.Size];
        Span<double> least = stackalloc double[TileProducts.Size];
        for (var row = from; row < to; row += TileProducts.Size)
        {
            least.Fill(double.PositiveInfinity);
            for (var centre = 0; centre < _centres.PaddedCount; centre += TileProducts.Size)
            {
                TileProducts.Of(_rows.Numbers, row * _rows.Stride, _centres.Numbers, centre * _centres.Stride, _rows.Stride, 0, _rows.Stride, products);
                for (var r = 0; r < TileProducts.Size; r++)
                    for (var c = 0; c < TileProducts.Size; c++)
                    {
                        var score = _centreNorms[centre + c] - (2 * products[(r * TileProducts.Size) + c]);
                        if (score < least[r]) (least[r], _nearest[row + r]) = (score, centre + c);
                    }
            }
        }
    }

    /// <summary>Each centre goes to the mean of its rows; one that has none goes to the row that is farthest from its own.</summary>
    private void MoveCentres()
    {
        var counts = new int[_centres.Count];
        Array.Clear(_centres.Numbers);
        for (var i = 0; i < _rows.Count; i++)
        {
            counts[_nearest[i]]++;
            Rows.AddMultiple(_rows[i], 1, _centres[_nearest[i]]);
        }

        for (var cluster = 0; cluster < counts.Length; cluster++)
        {
            if (counts[cluster] == 0) TakeFarthest(_centres[cluster]);
            else foreach (ref var coordinate in _centres[cluster]) coordinate /= counts[cluster];
        }
    }

    private void TakeFarthest(Span<double> centre)
    {
        var farthest = 0;
        for (var i = 1; i < _rows.Count; i++)
            if (_distances[i] > _distances[farthest]) farthest = i;
        _rows[farthest].CopyTo(centre);
        _distances[farthest] = 0;
    }

    private static double Squared(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++)
        {
            var difference = a[k] - b[k];
            sum += difference * difference;
        }

        return sum;
    }
}
