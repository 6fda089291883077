using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>What the covariances S of a reference and T of a model contribute to twice their KL divergence.</summary>
/// <param name="Trace">tr(T^-1 S).</param>
/// <param name="LogDeterminant">ln det T - ln det S.</param>
/// <param name="Excess">Trace - d + LogDeterminant, never negative and with its own full precision.</param>
internal readonly record struct CovarianceShare(double Trace, double LogDeterminant, double Excess)
{
    /// <summary>That of equal covariances.</summary>
    public static CovarianceShare OfEqual(int dimension) => new(dimension, 0, 0);
}

/// <summary>
/// Sums the share over M = L_T^-1 L_S, lower triangular: the sum over i of M_ii^2 - 1 - ln M_ii^2 and of all other M_ij^2. Every term is at
/// least 0 and none comes from a determinant or an inverse, so nothing cancels.
/// </summary>
internal struct CovarianceShareSum(int dimension)
{
    private const double Near = 0.5;

    private CompensatedSum _trace;
    private CompensatedSum _logDeterminant;
    private CompensatedSum _excess;

    /// <summary>Adds a diagonal element.</summary>
    /// <param name="element">M_ii.</param>
    /// <param name="lessOne">M_ii - 1, with its own full precision.</param>
    /// <param name="logarithm">ln M_ii, which is finite where M_ii under- or overflows; asked for far from 1 only.</param>
    public void AddDiagonal(double element, double lessOne, Func<double> logarithm)
    {
        if (Math.Abs(lessOne) < Near)
        {
            _excess.Add(Elementary.Bregman(1, lessOne * (2 + lessOne)));
            _logDeterminant.Add(-2 * Elementary.Log1p(lessOne));
        }
        else
        {
            var log = logarithm();
            _excess.Add(element * element - 1 - 2 * log);
            _logDeterminant.Add(-2 * log);
        }

        _trace.Add(element * element);
    }

    /// <summary>Adds squares of elements off the diagonal.</summary>
    public void AddSquares(double squares)
    {
        _trace.Add(squares);
        _excess.Add(squares);
    }

    /// <summary>The share. What overflowed is infinite: a trace beyond the doubles.</summary>
    public readonly CovarianceShare Value()
    {
        var (trace, excess) = (_trace.Value, _excess.Value);
        var infinite = double.IsNaN(trace) || double.IsInfinity(trace);
        return infinite
            ? new CovarianceShare(double.PositiveInfinity, _logDeterminant.Value, double.PositiveInfinity)
            : new CovarianceShare(trace, dimension == 0 ? 0 : _logDeterminant.Value, Math.Max(0, excess));
    }
}
