using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>A covariance of many dimensions, factored in doubles; the matrices are padded to a multiple of eight by a unit matrix.</summary>
internal sealed class BlockedCovariance : FactoredCovariance
{
    // Where the excess of a coordinate is below this, it is computed anew from the difference of the covariances.
    private const double Near = 1e-2;

    private readonly int _stride;
    private readonly double[] _lower;
    private readonly bool _isFactorGiven;
    private readonly (BlockedCovariance First, BlockedCovariance Second)? _ends;
    private double[]? _matrix;

    private BlockedCovariance(double[] lower, double[]? matrix, int[] exponents, (BlockedCovariance First, BlockedCovariance Second)? ends = null)
        : base(exponents) =>
        (_lower, _matrix, _isFactorGiven, _ends, _stride) = (lower, matrix, matrix is null, ends, Cholesky.Padded(exponents.Length));

    /// <summary>Of a padded matrix in scaled coordinates; null with the pivot that fails, in them, if it is not positive definite.</summary>
    public static BlockedCovariance? TryFactor(double[] matrix, int[] exponents, out int row, out double pivot, CancellationToken cancellation)
    {
        return Cholesky.TryFactor(matrix, Cholesky.Padded(exponents.Length), Doubt(exponents.Length), out var lower, out row, out pivot, cancellation)
            ? new BlockedCovariance(lower, matrix, exponents)
            : null;
    }

    /// <summary>Of a padded factor in scaled coordinates.</summary>
    public static BlockedCovariance OfFactor(double[] lower, int[] exponents) => new(lower, null, exponents);

    /// <summary>Of independent coordinates.</summary>
    public static BlockedCovariance Of(DiagonalCovariance diagonal) => OfFactor(Pad(diagonal.Lower(diagonal.Exponents), diagonal.Dimension), diagonal.Exponents);

    public override CovarianceShare Toward(FactoredCovariance model, CancellationToken cancellation)
    {
        var other = (BlockedCovariance)model;
        var solution = Cholesky.SolveTransposed(other._lower, RowsIn(other.Exponents), _stride, triangular: true, cancellation);
        var sum = new CovarianceShareSum(Dimension);
        for (var j = 0; j < Dimension; j++)
        {
            var element = solution[j * _stride + j];
            var column = j;
            sum.AddDiagonal(element, element - 1, () =>
                Elementary.LogOfRatio(_lower[column * _stride + column], other._lower[column * _stride + column])
                + (Exponents[column] - other.Exponents[column]) * Units.Ln2);
            var below = solution.AsSpan(j * _stride + j + 1, Dimension - j - 1);
            sum.AddSquares(Rows.Dot(below, below));
        }

        var share = sum.Value();
        return share.Excess < Near * Dimension ? TryNear(other, cancellation) ?? share : share;
    }

    public override double Mahalanobis(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var difference = new double[_stride];
        for (var i = 0; i < Dimension; i++) difference[i] = Between(a[i], b[i], Exponents[i]).Hi;
        Cholesky.Solve(_lower, difference);
        var square = Rows.Dot(difference, difference);
        return double.IsNaN(square) ? double.PositiveInfinity : square;
    }

    public override FactoredCovariance Midpoint(FactoredCovariance other, CancellationToken cancellation)
    {
        var exponents = Exponents.Zip(other.Exponents, Math.Max).ToArray();
        var (mine, theirs) = (MatrixIn(exponents, cancellation), ((BlockedCovariance)other).MatrixIn(exponents, cancellation));
        for (var i = 0; i < mine.Length; i++) mine[i] = mine[i] / 2 + theirs[i] / 2;
        return Cholesky.TryFactor(mine, _stride, doubt: 0, out var lower, out _, out _, cancellation)
            ? new BlockedCovariance(lower, mine, exponents, (this, (BlockedCovariance)other))
            : throw new NotComputableException("ill-conditioned", "Half the sum of both covariances is not positive definite in the precision of doubles.");
    }

    public override double[] Lower(int[] exponents) => Unpad(RowsIn(exponents));

    public override double[] Minus(FactoredCovariance other, int[] exponents, CancellationToken cancellation) =>
        Unpad(PaddedMinus((BlockedCovariance)other, exponents, cancellation));

    public override bool Equals(FactoredCovariance other) => other is BlockedCovariance blocked
        && Exponents.AsSpan().SequenceEqual(blocked.Exponents) && _lower.AsSpan().SequenceEqual(blocked._lower);

    // L_T^-1 (S - T) L_T^-T = E has the digits of the difference; M M^T = I + E.
    private CovarianceShare? TryNear(BlockedCovariance model, CancellationToken cancellation)
    {
        var difference = PaddedMinus(model, model.Exponents, cancellation);
        var half = Cholesky.SolveTransposed(model._lower, difference, _stride, triangular: false, cancellation);
        var whole = Cholesky.SolveTransposed(model._lower, half, _stride, triangular: false, cancellation);
        return UnitExcess.TryOf(whole, Dimension, _stride, cancellation) is { } unit
            ? new CovarianceShare(Dimension + unit.Trace, unit.Excess - unit.Trace, unit.Excess)
            : null;
    }

    private double[] PaddedMinus(BlockedCovariance other, int[] exponents, CancellationToken cancellation)
    {
        if (other._ends is var (first, second) && (ReferenceEquals(this, first) || ReferenceEquals(this, second)))
        {
            var half = PaddedMinus(ReferenceEquals(this, first) ? second : first, exponents, cancellation);
            for (var i = 0; i < half.Length; i++) half[i] /= 2;
            return half;
        }

        if (_isFactorGiven && other._isFactorGiven) return FactorDifference.Of(RowsIn(exponents), other.RowsIn(exponents), _stride, cancellation);
        var (mine, theirs) = (MatrixIn(exponents, cancellation), other.MatrixIn(exponents, cancellation));
        for (var i = 0; i < mine.Length; i++) mine[i] -= theirs[i];
        return mine;
    }

    // L with its rows in coordinates of other exponents.
    private double[] RowsIn(int[] exponents)
    {
        if (Exponents.AsSpan().SequenceEqual(exponents)) return _lower;
        var rows = (double[])_lower.Clone();
        for (var i = 0; i < Dimension; i++)
        {
            if (Exponents[i] == exponents[i]) continue;
            for (var j = 0; j <= i; j++) rows[i * _stride + j] = Math.ScaleB(rows[i * _stride + j], Exponents[i] - exponents[i]);
        }

        return rows;
    }

    private double[] MatrixIn(int[] exponents, CancellationToken cancellation)
    {
        var matrix = (double[])(_matrix ??= FactorDifference.Square(_lower, _stride, cancellation)).Clone();
        for (var i = 0; i < Dimension; i++)
        {
            for (var j = 0; j < Dimension; j++)
            {
                var shift = Exponents[i] - exponents[i] + (Exponents[j] - exponents[j]);
                if (shift != 0) matrix[i * _stride + j] = Math.ScaleB(matrix[i * _stride + j], shift);
            }
        }

        return matrix;
    }

    private static double[] Pad(double[] matrix, int d)
    {
        var stride = Cholesky.Padded(d);
        if (stride == d) return matrix;
        var padded = new double[stride * stride];
        for (var i = 0; i < d; i++) matrix.AsSpan(i * d, d).CopyTo(padded.AsSpan(i * stride));
        for (var i = d; i < stride; i++) padded[i * stride + i] = 1;
        return padded;
    }

    private double[] Unpad(double[] matrix)
    {
        if (_stride == Dimension) return matrix;
        var plain = new double[Dimension * Dimension];
        for (var i = 0; i < Dimension; i++) matrix.AsSpan(i * _stride, Dimension).CopyTo(plain.AsSpan(i * Dimension));
        return plain;
    }
}
