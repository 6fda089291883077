using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The sum of x x^T over n normal vectors of covariance V: p(X) = |X|^((n - d - 1)/2) exp(-tr(V^-1 X)/2) / (2^(n d/2) |V|^(n/2) Gamma_d(n/2)), n =
/// degreesOfFreedom, V = scale, of which n need not be whole. A point is a matrix, row by row; the density is in its lower half.
/// </summary>
public sealed record Wishart : Distribution
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // How much a matrix that is given as a point may lack from being symmetric.
    private const double Asymmetry = 1e-9;

    /// <summary>n: above d - 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public required double DegreesOfFreedom { get; init; }

    /// <summary>V: d rows of d numbers, symmetric and positive definite.</summary>
    [Finite]
    public required double[][] Scale { get; init; }

    /// <summary>d.</summary>
    internal int Order => Scale.Length;

    /// <inheritdoc/>
    public override Family Describe() => new(
        "|x|^((n - d - 1)/2) exp(-tr(scale^-1 x)/2) / (2^(n d/2) |scale|^(n/2) Gamma_d(n/2)), n = degreesOfFreedom", "positive definite matrices, row by row", "Covariances of samples, times their degrees of freedom.");

    /// <inheritdoc/>
    public override int Dimension() => Order * Order;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        var (at, before) = (problems.At("scale"), problems.Total);
        if (Order == 0) at.Add("must have at least 1 row, had none");
        for (var i = 0; i < Order; i++)
        {
            if (Scale[i].Length != Order) at.At(i).Add($"must have {Order} elements, as many as there are rows, had {Scale[i].Length}");
        }

        if (DegreesOfFreedom > 0 && double.IsFinite(DegreesOfFreedom) && !(DegreesOfFreedom > Order - 1))
            problems.Add("degreesOfFreedom", $"must be greater than the number of rows of scale less 1, {Order - 1}, was {DegreesOfFreedom:R}");
        if (problems.Total == before) CovarianceMatrix.Check(Scale, Order, at);
    }

    /// <inheritdoc/>
    public override double[] LogDensities(Points points)
    {
        var (lower, constant, logs) = (Factor(Scale)!, LogConstant(), new double[points.Count]);
        for (var i = 0; i < logs.Length; i++) logs[i] = LogDensity(points[i], lower, constant);
        return logs;
    }

    /// <summary>L A A^T L^T with A lower triangular, chi variates on its diagonal and normal ones below (Bartlett's decomposition).</summary>
    public override Points Sample(int count, RandomStream random)
    {
        var (d, lower) = (Order, Factor(Scale)!);
        var (draws, variates, root) = (new double[count * d * d], new double[d * d], new double[d * d]);
        for (var i = 0; i < count; i++)
        {
            for (var row = 0; row < d; row++)
            {
                for (var column = 0; column < row; column++) variates[row * d + column] = random.NextNormal();
                variates[row * d + row] = Math.Sqrt(2 * GammaDraw.Of((DegreesOfFreedom - row) / 2, random));
            }

            Triangles.Multiply(lower, variates, d, root);
            Triangles.Square(root, d, draws.AsSpan(i * d * d, d * d));
        }

        return new Points(draws, d * d, plain: false);
    }

    /// <summary>Mean n V, covariance of X_ij and X_kl n (V_ik V_jl + V_il V_jk); null for more than 1000 elements.</summary>
    public override Moments? Moments()
    {
        var d = Order;
        if (Dimension() > Multinomial.MostCoordinates) return null;
        double[] mean = [.. Scale.SelectMany(row => row.Select(element => DegreesOfFreedom * element))];
        return new(mean, [.. Enumerable.Range(0, d * d).Select(a => Enumerable.Range(0, d * d).Select(b => Covariance(a / d, a % d, b / d, b % d)).ToArray())]);
    }

    /// <summary>(d + 1)/2 ln|V| + d (d + 1)/2 ln 2 + ln Gamma_d(n/2) - (n - d - 1)/2 psi_d(n/2) + n d/2, with what cancels for large n taken out.</summary>
    public override double? EntropyByFormula()
    {
        var (d, half, lower) = (Order, DegreesOfFreedom / 2, Factor(Scale)!);
        var sum = new CompensatedSum();
        for (var i = 0; i < d; i++)
        {
            var c = half - i / 2.0;
            var rest = -LogGammaBregman.LogLessDigamma(c);
            sum.Add(-half * (rest + Elementary.Log1p(-i / DegreesOfFreedom)));
            sum.Add((d + 1) / 2.0 * (rest + Math.Log(2 * c) + 2 * Math.Log(lower[i * d + i])));
        }

        return sum.Value - LogConstant();
    }

    /// <summary>The factor L of a matrix L L^T, row after row, or null if it is not positive definite.</summary>
    internal static double[]? Factor(double[][] matrix) => Cholesky.TryFactor(matrix, doubt: 0, out var lower, out _) ? lower : null;

    private double Covariance(int i, int j, int k, int l) => DegreesOfFreedom * (Scale[i][k] * Scale[j][l] + Scale[i][l] * Scale[j][k]);

    // With M = L_V^-1 L_X: -n/2 (tr MM^T/n - d - ln|MM^T/n|) - (d + 1)/2 ln|X| and a constant, none of which is a difference of large numbers.
    private double LogDensity(ReadOnlySpan<double> point, double[] lower, double constant)
    {
        var d = Order;
        if (AsMatrix(point) is not { } matrix || Factor(matrix) is not { } root) return double.NegativeInfinity;
        var (excess, logarithm) = (new CompensatedSum(), 0.0);
        for (var i = 0; i < d; i++) logarithm += 2 * Math.Log(root[i * d + i]);
        Triangles.Divide(lower, root, d);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++) excess.Add(root[i * d + j] * root[i * d + j] / DegreesOfFreedom);
            var ratio = root[i * d + i] * root[i * d + i] / DegreesOfFreedom;
            excess.Add(Elementary.Bregman(1, ratio - 1, ratio));
        }

        return constant - DegreesOfFreedom / 2 * excess.Value - (d + 1) / 2.0 * logarithm;
    }

    // n d/2 (ln(n/2) - 1) - ln Gamma_d(n/2), for each factor Gamma(c), c = (n - i)/2, by Stirling's formula around n/2.
    private double LogConstant()
    {
        var (d, half, sum) = (Order, DegreesOfFreedom / 2, new CompensatedSum());
        for (var i = 0; i < d; i++)
        {
            var c = half - i / 2.0;
            sum.Add(Elementary.Bregman(half, -i / 2.0, c) + (i + 1) / 2.0 * Math.Log(c) - HalfLogTwoPi - StirlingError.At(c));
        }

        return sum.Value - d * (d - 1) / 4.0 * Math.Log(Math.PI);
    }

    // The point as rows, its two halves made one; null if they differ.
    private double[][]? AsMatrix(ReadOnlySpan<double> point)
    {
        var d = Order;
        var matrix = new double[d][];
        for (var i = 0; i < d; i++)
        {
            matrix[i] = new double[d];
            for (var j = 0; j <= i; j++)
            {
                var (below, above) = (point[i * d + j], point[j * d + i]);
                if (Math.Abs(below - above) > Asymmetry * Math.Sqrt(Math.Abs(point[i * d + i] * point[j * d + j]))) return null;
                matrix[i][j] = matrix[j][i] = below / 2 + above / 2;
            }
        }

        return matrix;
    }
}
