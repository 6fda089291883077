using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;
using KlCore.Transport;

namespace KlCore.Estimation.Distances;

/// <summary>
/// SW_k(p, q) = (mean over directions of W_k^k of the samples projected on them)^(1/k), over directions drawn uniformly; on a line it is W_k itself.
/// In units of the coordinates, at most W_k, and for large dimensions near W_k/sqrt(d) of a shift. The details tell the standard error that comes from drawing directions; the
/// samples' own is the standard error of the answer. The directions follow from the request's seed.
/// Source: J. Rabin et al., Scale Space and Variational Methods (2011); N. Bonneel et al., Journal of Mathematical Imaging and Vision 51 (2015).
/// </summary>
public sealed record SlicedWasserstein : Estimator
{
    /// <summary>How many directions are drawn.</summary>
    [Range(1, 10_000)]
    public int Projections { get; init; } = 100;

    /// <summary>k, at least 1.</summary>
    [Range(1.0, double.MaxValue)]
    public double Order { get; init; } = 1;

    /// <inheritdoc/>
    public override EstimatorDescription Describe() => new(
        "SW_k(p, q)", "(mean over directions u of W_k(x.u, y.u)^k)^(1/k) of the empirical distributions",
        "Linear in the number of points and of dimensions; too large by the order of n^(-1/2) for equal distributions, in any dimension. directionError is what drawing directions adds.",
        "Rabin et al., Scale Space and Variational Methods (2011); Bonneel et al., Journal of Mathematical Imaging and Vision 51 (2015)")
    {
        IsNeverNegative = true,
    };

    internal override PooledStatistic Prepare(PooledSample sample, CancellationToken cancellation) => new Statistic(this, sample);

    internal override double Work(int x, int y, int dimension) => (dimension == 1 ? 1 : Projections) * (x + y) * (dimension + 60.0);

    internal override int LeastPoints(int dimension) => 1;

    private sealed class Statistic(SlicedWasserstein estimator, PooledSample sample) : PooledStatistic
    {
        private readonly int _exponent = DistanceRows.UnitOf(sample.Coordinates);
        private readonly double[][] _directions = Directions(sample.Dimension == 1 ? 1 : estimator.Projections, sample.Dimension, sample.Seed);

        private double? _directionError;

        public override bool IsShared => true;

        public override double OfAll(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var (value, error) = Combine(Distances(x, y, cancellation));
            _directionError = error;
            return value;
        }

        public override double Of(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation) => Combine(Distances(x, y, cancellation)).Value;

        public override IReadOnlyDictionary<string, double> Details()
        {
            int[] places = _directionError is null ? [.. Enumerable.Range(0, sample.Count)] : [];
            return new Dictionary<string, double>
            {
                ["projections"] = _directions.Length,
                ["directionError"] = _directionError ?? Combine(Distances(places.AsSpan(0, sample.CountX), places.AsSpan(sample.CountX), CancellationToken.None)).Error,
            };
        }

        private double[] Distances(ReadOnlySpan<int> x, ReadOnlySpan<int> y, CancellationToken cancellation)
        {
            var distances = new double[_directions.Length];
            for (var k = 0; k < distances.Length; k++)
            {
                cancellation.ThrowIfCancellationRequested();
                distances[k] = SampleTransport.Distance(Project(_directions[k], x), Project(_directions[k], y), estimator.Order);
            }

            return distances;
        }

        private double[] Project(double[] direction, ReadOnlySpan<int> places)
        {
            var projected = new double[places.Length];
            for (var i = 0; i < projected.Length; i++)
            {
                var point = sample[places[i]];
                var sum = 0.0;
                for (var k = 0; k < direction.Length; k++) sum += direction[k] * (_exponent == 0 ? point[k] : Math.ScaleB(point[k], -_exponent));
                projected[i] = sum;
            }

            return projected;
        }

        /// <summary>The mean of powers as parts of the largest, and what a mean over as many other directions would differ by.</summary>
        private (double Value, double Error) Combine(double[] distances)
        {
            var largest = distances.Max();
            if (largest == 0) return (0, 0);
            var powers = Array.ConvertAll(distances, distance => Math.Pow(distance / largest, estimator.Order));
            var mean = powers.Average();
            var value = Math.ScaleB(largest * Math.Pow(mean, 1 / estimator.Order), _exponent);
            var deviation = powers.Length < 2 ? 0 : Math.Sqrt(powers.Sum(power => (power - mean) * (power - mean)) / (powers.Length - 1) / powers.Length);
            return (value, value * deviation / mean / estimator.Order);
        }

        private static double[][] Directions(int count, int dimension, long seed)
        {
            var directions = new double[count][];
            for (var k = 0; k < count; k++)
            {
                var random = new RandomStream(seed, k, "projection");
                var normal = Array.ConvertAll(new double[dimension], _ => random.NextNormal());
                var length = Math.Sqrt(normal.Sum(x => x * x));
                directions[k] = dimension == 1 ? [1] : Array.ConvertAll(normal, x => x / length);
            }

            return directions;
        }
    }
}
