using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>A covariance of few dimensions, factored to about 32 digits.</summary>
internal sealed class PreciseCovariance : FactoredCovariance
{
    /// <summary>Up to this many dimensions 32 digits cost less than reading the numbers.</summary>
    public const int MaximumDimension = 64;

    private readonly DoubleDouble[] _lower;
    private DoubleDouble[]? _matrix;

    private PreciseCovariance(DoubleDouble[] lower, DoubleDouble[]? matrix, int[] exponents)
        : base(exponents) => (_lower, _matrix) = (lower, matrix);

    /// <summary>Of a matrix in scaled coordinates; null with the pivot that fails, in them, if it is not positive definite.</summary>
    public static PreciseCovariance? TryFactor(double[] matrix, int[] exponents, out int row, out double pivot) =>
        TryFactor(Array.ConvertAll(matrix, element => (DoubleDouble)element), exponents, Doubt(exponents.Length), out row, out pivot);

    /// <summary>Of a factor in scaled coordinates.</summary>
    public static PreciseCovariance OfFactor(double[] lower, int[] exponents) =>
        new(Array.ConvertAll(lower, element => (DoubleDouble)element), null, exponents);

    /// <summary>Of independent coordinates.</summary>
    public static PreciseCovariance Of(DiagonalCovariance diagonal)
    {
        var d = diagonal.Dimension;
        var lower = new DoubleDouble[d * d];
        for (var i = 0; i < d; i++) lower[i * d + i] = diagonal.Deviations[i].ScaleB(-diagonal.Exponents[i]);
        return new PreciseCovariance(lower, null, diagonal.Exponents);
    }

    public override CovarianceShare Toward(FactoredCovariance model, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (d, other) = (Dimension, (PreciseCovariance)model);
        var solution = PreciseTriangle.SolveTransposed(other._lower, RowsIn(other.Exponents), d);
        var sum = new CovarianceShareSum(d);
        for (var j = 0; j < d; j++)
        {
            var element = solution[j * d + j];
            var column = j;
            sum.AddDiagonal(element.Hi, (element - DoubleDouble.One).Value, () =>
                Elementary.LogOfRatio(_lower[column * d + column].Hi, other._lower[column * d + column].Hi)
                + (Exponents[column] - other.Exponents[column]) * Units.Ln2);
            var squares = 0.0;
            for (var i = j + 1; i < d; i++) squares += solution[j * d + i].Hi * solution[j * d + i].Hi;
            sum.AddSquares(squares);
        }

        return sum.Value();
    }

    public override double Mahalanobis(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var difference = new DoubleDouble[Dimension];
        for (var i = 0; i < Dimension; i++) difference[i] = Between(a[i], b[i], Exponents[i]);
        PreciseTriangle.Solve(_lower, difference);
        var sum = new CompensatedSum();
        foreach (var z in difference) sum.Add(z.Hi * z.Hi);
        return double.IsNaN(sum.Value) ? double.PositiveInfinity : sum.Value;
    }

    public override FactoredCovariance Midpoint(FactoredCovariance other, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var exponents = Exponents.Zip(other.Exponents, Math.Max).ToArray();
        var (mine, theirs) = (MatrixIn(exponents), ((PreciseCovariance)other).MatrixIn(exponents));
        for (var i = 0; i < mine.Length; i++) mine[i] = (mine[i] + theirs[i]) * 0.5;
        return TryFactor(mine, exponents, doubt: 0, out _, out _)
            ?? throw new NotComputableException("ill-conditioned", "Half the sum of both covariances is not positive definite in the precision of doubles.");
    }

    public override double[] Lower(int[] exponents) => Array.ConvertAll(RowsIn(exponents), element => element.Hi);

    public override double[] Minus(FactoredCovariance other, int[] exponents, CancellationToken cancellation)
    {
        var (mine, theirs) = (MatrixIn(exponents), ((PreciseCovariance)other).MatrixIn(exponents));
        return [.. mine.Zip(theirs, (s, t) => (s - t).Value)];
    }

    public override bool Equals(FactoredCovariance other) => other is PreciseCovariance precise
        && Exponents.AsSpan().SequenceEqual(precise.Exponents) && _lower.AsSpan().SequenceEqual(precise._lower);

    private static PreciseCovariance? TryFactor(DoubleDouble[] matrix, int[] exponents, double doubt, out int row, out double pivot) =>
        PreciseTriangle.TryFactor(matrix, exponents.Length, doubt, out var lower, out row, out pivot) ? new(lower, matrix, exponents) : null;

    // L with its rows in coordinates of other exponents.
    private DoubleDouble[] RowsIn(int[] exponents)
    {
        var d = Dimension;
        var rows = new DoubleDouble[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) rows[i * d + j] = _lower[i * d + j].ScaleB(Exponents[i] - exponents[i]);
        }

        return rows;
    }

    private DoubleDouble[] MatrixIn(int[] exponents)
    {
        var d = Dimension;
        var given = _matrix ??= PreciseTriangle.Square(_lower, d);
        var matrix = new DoubleDouble[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
                matrix[i * d + j] = given[i * d + j].ScaleB(Exponents[i] - exponents[i] + (Exponents[j] - exponents[j]));
        }

        return matrix;
    }
}
