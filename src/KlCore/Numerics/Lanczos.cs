namespace KlCore.Numerics;

/// <summary>
/// The largest eigenvalue of a positive definite operator. Lanczos' recurrence with full reorthogonalisation from a fixed start, until the
/// value stands still; in as many steps as there are dimensions it is exact but for rounding.
/// Source: G. H. Golub, C. F. Van Loan, "Matrix Computations" (2013), section 10.1.
/// </summary>
internal static class Lanczos
{
    private const int MaximumSteps = 250;
    private const double Tolerance = 1e-12;
    private const int Between = 10;

    /// <summary>The largest eigenvalue.</summary>
    /// <param name="d">The dimension.</param>
    /// <param name="apply">Replaces a vector by the operator's image of it.</param>
    /// <param name="cancellation">Stops it.</param>
    public static double LargestEigenvalue(int d, Action<double[]> apply, CancellationToken cancellation)
    {
        var basis = new List<double[]>();
        var (diagonal, beside) = (new List<double>(), new List<double>());
        var next = Start(d);
        var largest = 0.0;
        for (var step = 0; step < Math.Min(d, MaximumSteps); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            basis.Add(next);
            var image = (double[])next.Clone();
            apply(image);
            diagonal.Add(Rows.Dot(image, next));
            // Twice is enough for orthogonality to the last digit.
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var vector in basis) Rows.AddMultiple(vector, -Rows.Dot(image, vector), image);
            }

            var norm = Math.Sqrt(Rows.Dot(image, image));
            if (!double.IsFinite(norm)) return double.PositiveInfinity;
            if (step % Between == 0 || norm <= Tolerance * largest || step == Math.Min(d, MaximumSteps) - 1)
            {
                var previous = largest;
                largest = Largest(diagonal, beside);
                if (!double.IsFinite(largest)) return double.PositiveInfinity;
                if (norm <= Tolerance * largest || (step > 0 && largest - previous <= Tolerance * largest)) return largest;
            }

            beside.Add(norm);
            next = Array.ConvertAll(image, value => value / norm);
        }

        return largest;
    }

    // No symmetry of a matrix that anyone would write down is orthogonal to this.
    private static double[] Start(int d)
    {
        var start = new double[d];
        for (var i = 0; i < d; i++) start[i] = 1 + (i * 0.6180339887498949 + 0.4142135623730951) % 1;
        var norm = Math.Sqrt(Rows.Dot(start, start));
        return Array.ConvertAll(start, value => value / norm);
    }

    // By bisection: x is above every eigenvalue of a tridiagonal matrix if and only if all pivots of x I less the matrix are positive.
    private static double Largest(List<double> diagonal, List<double> beside)
    {
        if (!diagonal.TrueForAll(double.IsFinite)) return double.PositiveInfinity;
        var (low, high) = (diagonal.Max(), 0.0);
        for (var i = 0; i < diagonal.Count; i++)
            high = Math.Max(high, diagonal[i] + (i > 0 ? beside[i - 1] : 0) + (i < diagonal.Count - 1 ? beside[i] : 0));
        while (low + (high - low) / 2 is var middle && middle > low && middle < high)
        {
            if (IsAbove(middle, diagonal, beside)) high = middle;
            else low = middle;
        }

        return high;
    }

    private static bool IsAbove(double x, List<double> diagonal, List<double> beside)
    {
        var pivot = x - diagonal[0];
        for (var i = 1; i < diagonal.Count && pivot > 0; i++) pivot = x - diagonal[i] - beside[i - 1] * (beside[i - 1] / pivot);
        return pivot > 0;
    }
}
