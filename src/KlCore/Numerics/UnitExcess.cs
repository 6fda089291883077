namespace KlCore.Numerics;

/// <summary>How far a matrix I + E near the unit matrix is from it, in the sense of Kullback-Leibler.</summary>
/// <param name="Trace">tr E.</param>
/// <param name="Excess">tr E - ln det(I + E), at least 0.</param>
internal readonly record struct UnitExcess(double Trace, double Excess)
{
    /// <summary>
    /// Both for a symmetric E, to the digits that E has: by F with (I + F)(I + F)^T = I + E, which is Cholesky's
    /// recurrence for what differs from 1. Null if I + E is not positive definite.
    /// </summary>
    /// <param name="e">E, row after row.</param>
    /// <param name="d">Its dimension.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="cancellation">Stops it.</param>
    public static UnitExcess? TryOf(double[] e, int d, int stride, CancellationToken cancellation)
    {
        var f = new double[d * d];
        var (trace, sum) = (new CompensatedSum(), new CompensatedSum());
        for (var i = 0; i < d; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = f.AsSpan(i * d, i + 1);
            for (var j = 0; j < i; j++) row[j] = (e[i * stride + j] - Rows.Dot(row[..j], f.AsSpan(j * d, j))) / (1 + f[j * d + j]);
            var squares = Rows.Dot(row[..i], row[..i]);
            var rest = e[i * stride + i] - squares;
            if (!(rest > -1)) return null;
            row[i] = rest / (1 + Math.Sqrt(1 + rest));
            trace.Add(e[i * stride + i]);
            sum.Add(squares);
            // (1 + F_ii)^2 - 1 = rest.
            sum.Add(Elementary.Bregman(1, rest));
        }

        return new UnitExcess(trace.Value, sum.Value);
    }
}
