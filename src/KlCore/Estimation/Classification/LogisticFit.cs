using KlCore.Numerics;

namespace KlCore.Estimation.Classification;

/// <summary>
/// A logistic regression by Newton's method: the weights that make the sum of ln(1 + e^-t) over x and of ln(1 + e^t) over y, t = w . row, and lambda |w|^2/2 without the intercept, smallest.
/// The sum is convex and a step that does not lower it is halved, so that it ends also where the samples can be told apart without error.
/// </summary>
internal static class LogisticFit
{
    private const int MaximumSteps = 50;
    private const double Enough = 1e-10;

    /// <summary>The weights by all points that are not in a fold.</summary>
    public static double[] Of(FeatureRows points, int fold, double regularization, CancellationToken cancellation)
    {
        var width = points.Width;
        var weights = new double[width];
        var loss = Loss(points, fold, weights, regularization);
        for (var step = 0; step < MaximumSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Direction(points, fold, weights, regularization, cancellation) is not { } direction) return weights;
            var (share, next) = (1.0, Moved(weights, direction, 1));
            var lower = Loss(points, fold, next, regularization);
            for (; !(lower <= loss) && share > 1e-6; lower = Loss(points, fold, next, regularization)) next = Moved(weights, direction, share /= 2);
            if (!(lower <= loss)) return weights;
            var change = loss - lower;
            (weights, loss) = (next, lower);
            if (change <= Enough * Math.Max(1, Math.Abs(loss)) && Array.TrueForAll(direction, d => Math.Abs(d) < 1e-7)) return weights;
        }

        return weights;
    }

    /// <summary>w . row.</summary>
    public static double LogOdds(ReadOnlySpan<double> row, double[] weights)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += row[i] * weights[i];
        return sum;
    }

    private static double[] Moved(double[] weights, double[] direction, double share) => [.. weights.Zip(direction, (weight, step) => weight - share * step)];

    private static double Loss(FeatureRows points, int fold, double[] weights, double regularization)
    {
        CompensatedSum sum = default;
        for (var i = 0; i < points.Count; i++)
        {
            if (points.Fold(i) == fold) continue;
            var t = LogOdds(points.Row(i), weights) * (i < points.CountX ? 1 : -1);
            sum.Add(Math.Max(0, -t) + Elementary.Log1p(Math.Exp(-Math.Abs(t))));
        }

        for (var j = 1; j < weights.Length; j++) sum.Add(regularization / 2 * weights[j] * weights[j]);
        return sum.Value;
    }

    // The gradient divided by the matrix of second derivatives; null where that cannot be factored.
    private static double[]? Direction(FeatureRows points, int fold, double[] weights, double regularization, CancellationToken cancellation)
    {
        var (width, stride) = (points.Width, Cholesky.Padded(points.Width));
        var (matrix, gradient) = (new double[stride * stride], new double[stride]);
        for (var i = 0; i < points.Count; i++)
        {
            if (points.Fold(i) == fold) continue;
            var row = points.Row(i);
            var probability = 1 / (1 + Math.Exp(-LogOdds(row, weights)));
            var (slope, curvature) = (probability - (i < points.CountX ? 1 : 0), probability * (1 - probability));
            for (var a = 0; a < width; a++)
            {
                gradient[a] += slope * row[a];
                var share = curvature * row[a];
                var line = matrix.AsSpan(a * stride, a + 1);
                for (var b = 0; b < line.Length; b++) line[b] += share * row[b];
            }
        }

        for (var a = 0; a < stride; a++)
        {
            if (a >= width) matrix[a * stride + a] = 1;
            else if (a > 0) (matrix[a * stride + a], gradient[a]) = (matrix[a * stride + a] + regularization, gradient[a] + regularization * weights[a]);
            // The intercept has no penalty: where all odds are extreme its second derivative would vanish.
            else matrix[0] += 1e-10;
        }

        if (!Cholesky.TryFactor(matrix, stride, 0, out var lower, out _, out _, cancellation)) return null;
        Cholesky.Solve(lower, gradient);
        Cholesky.SolveTransposed(lower, gradient);
        return gradient[..width];
    }
}
