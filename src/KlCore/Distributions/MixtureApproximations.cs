using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// What is commonly used instead of KL(p || q) between mixtures of Gaussians, beside which the exact value (by quadrature in one and two
/// dimensions) can be seen for what it is. All in nats, with f_a of weight w_a the components of p and g_b of weight v_b those of q.
/// Source: J. Hershey and P. Olsen, "Approximating the Kullback Leibler divergence between Gaussian mixture models", ICASSP 2007.
/// </summary>
/// <param name="GaussianApproximation">KL between the normals with the mixtures' means and covariances (equation 8).</param>
/// <param name="ProductOfGaussians">sum_a w_a ln (sum_a' w_a' z_aa' / sum_b v_b t_ab), z and t the integrals of products of two components (equation 11).</param>
/// <param name="MatchedPair">sum_a w_a min_b (KL(f_a || g_b) + ln(w_a/v_b)) (equation 13): an upper bound where no component of q is matched twice.</param>
/// <param name="UnscentedTransform">The mean of ln p/q over 2d points on the axes of each component of p (equation 6).</param>
/// <param name="Variational">sum_a w_a ln (sum_a' w_a' e^-KL(f_a||f_a') / sum_b v_b e^-KL(f_a||g_b)) (equation 20): neither an upper nor a lower bound.</param>
/// <param name="VariationalUpperBound">The least, over ways to pair shares of components, of the KL between the pairs and their weights (equations 24 to 26): at least KL(p || q).</param>
public sealed record MixtureApproximations(
    double GaussianApproximation,
    double ProductOfGaussians,
    double MatchedPair,
    double UnscentedTransform,
    double Variational,
    double VariationalUpperBound)
{
    private const int MaximumPairs = 40_000;
    private const int Rounds = 500;

    /// <summary>All of them for KL(p || q); null if either is no mixture of Gaussians, or both are a single one, or there are very many pairs of components.</summary>
    public static MixtureApproximations? TryOf(DistributionPair pair)
    {
        if (pair.P.ToGaussianMixture() is not { } p || pair.Q.ToGaussianMixture() is not { } q) return null;
        if (p.Weights.Length + q.Weights.Length < 3 || (p.Weights.Length + (long)q.Weights.Length) * p.Weights.Length > MaximumPairs) return null;
        return Of(MixtureDensity.Of(p), MixtureDensity.Of(q), p.Moments(), q.Moments());
    }

    /// <summary>The same, found in nats, in another unit.</summary>
    public MixtureApproximations In(Unit unit) => new(
        unit.FromNats(GaussianApproximation), unit.FromNats(ProductOfGaussians), unit.FromNats(MatchedPair), unit.FromNats(UnscentedTransform),
        unit.FromNats(Variational), unit.FromNats(VariationalUpperBound));

    private static MixtureApproximations Of(MixtureDensity p, MixtureDensity q, Moments momentsOfP, Moments momentsOfQ)
    {
        var (within, across) = (Divergences(p, p), Divergences(p, q));
        return new MixtureApproximations(
            Between(Gauss.Of(momentsOfP), Gauss.Of(momentsOfQ)),
            LogRatio(p, q, LogOverlaps(p, p), LogOverlaps(p, q)),
            Matched(p, q, across),
            Unscented(p, q),
            LogRatio(p, q, Negated(within), Negated(across)),
            UpperBound(p, q, across));
    }

    // sum_a w_a (ln sum_a' w_a' e^own(a,a') - ln sum_b v_b e^other(a,b)).
    private static double LogRatio(MixtureDensity p, MixtureDensity q, double[,] own, double[,] other)
    {
        var sum = 0.0;
        for (var a = 0; a < p.Components; a++)
        {
            if (p.Weights[a] > 0) sum += p.Weights[a] * (LogSumOver(p, own, a) - LogSumOver(q, other, a));
        }

        return sum;
    }

    private static double LogSumOver(MixtureDensity mixture, double[,] logs, int row)
    {
        var terms = new double[mixture.Components];
        for (var k = 0; k < terms.Length; k++) terms[k] = mixture.LogWeights[k] + logs[row, k];
        return LogSum.Of(terms).Log;
    }

    private static double Matched(MixtureDensity p, MixtureDensity q, double[,] divergences)
    {
        var sum = 0.0;
        for (var a = 0; a < p.Components; a++)
        {
            if (p.Weights[a] == 0) continue;
            var best = Enumerable.Range(0, q.Components).MinBy(b => divergences[a, b] - q.LogWeights[b]);
            sum += p.Weights[a] * (divergences[a, best] + p.LogWeights[a] - q.LogWeights[best]);
        }

        return sum;
    }

    // The points m +- sqrt(d) L e_i have the component's mean and covariance.
    private static double Unscented(MixtureDensity p, MixtureDensity q)
    {
        var (d, sum) = (p.Dimension, 0.0);
        var (noise, x) = (new double[d], new double[d]);
        for (var a = 0; a < p.Components; a++)
        {
            for (var i = 0; i < 2 * d && p.Weights[a] > 0; i++)
            {
                Array.Clear(noise);
                noise[i / 2] = (i % 2 == 0 ? 1 : -1) * Math.Sqrt(d);
                p.Place(a, noise, x);
                sum += p.Weights[a] / (2 * d) * (p.LogDensity(x) - q.LogDensity(x));
            }
        }

        return sum;
    }

    // Shares phi of g_b for each f_a and psi of f_a for each g_b, in turn the best for the other, from the independent ones on; every round lowers the bound.
    private static double UpperBound(MixtureDensity p, MixtureDensity q, double[,] divergences)
    {
        var (rows, columns) = (p.Components, q.Components);
        var (phi, psi) = (new double[rows, columns], new double[rows, columns]);
        for (var a = 0; a < rows; a++)
        {
            for (var b = 0; b < columns; b++) phi[a, b] = p.LogWeights[a] + q.LogWeights[b];
        }

        var bound = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            for (var a = 0; a < rows; a++) Share(a, columns, p.LogWeights[a], b => phi[a, b] - divergences[a, b], (b, log) => psi[a, b] = log);
            for (var b = 0; b < columns; b++) Share(b, rows, q.LogWeights[b], a => psi[a, b], (a, log) => phi[a, b] = log);
            var next = BoundOf(phi, psi, divergences);
            if (!(next < bound * (1 - 1e-12))) return Math.Min(next, bound);
            bound = next;
        }

        return bound;
    }

    // Divides a weight among partners in proportion to what is given by its logarithm.
    private static void Share(int _, int count, double logWeight, Func<int, double> log, Action<int, double> set)
    {
        var logs = new double[count];
        for (var i = 0; i < count; i++) logs[i] = log(i);
        var total = LogSum.Of(logs).Log;
        for (var i = 0; i < count; i++) set(i, double.IsNegativeInfinity(total) ? double.NegativeInfinity : logWeight + logs[i] - total);
    }

    // KL(psi || phi) + sum psi KL(f_a || g_b).
    private static double BoundOf(double[,] phi, double[,] psi, double[,] divergences)
    {
        var sum = new CompensatedSum();
        for (var a = 0; a < phi.GetLength(0); a++)
        {
            for (var b = 0; b < phi.GetLength(1); b++)
            {
                var share = Math.Exp(psi[a, b]);
                if (share > 0) sum.Add(share * (psi[a, b] - phi[a, b] + divergences[a, b]));
            }
        }

        return sum.Value;
    }

    private static double[,] Negated(double[,] matrix)
    {
        var negated = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (var a = 0; a < matrix.GetLength(0); a++)
        {
            for (var b = 0; b < matrix.GetLength(1); b++) negated[a, b] = -matrix[a, b];
        }

        return negated;
    }

    private static double[,] Divergences(MixtureDensity p, MixtureDensity q) => Over(p, q, Between);

    private static double[,] LogOverlaps(MixtureDensity p, MixtureDensity q) => Over(p, q, LogOverlap);

    private static double[,] Over(MixtureDensity p, MixtureDensity q, Func<Gauss, Gauss, double> function)
    {
        var values = new double[p.Components, q.Components];
        for (var a = 0; a < p.Components; a++)
        {
            for (var b = 0; b < q.Components; b++) values[a, b] = function(Gauss.Of(p, a), Gauss.Of(q, b));
        }

        return values;
    }

    // KL = sum over elements of (M_ij^2 - [i = j])/2 - ln M_ii, M = L'^-1 L, plus half the squared Mahalanobis distance of the means.
    private static double Between(Gauss p, Gauss q)
    {
        var (d, sum) = (p.Mean.Length, 0.0);
        var column = new double[d];
        for (var j = 0; j < d; j++)
        {
            for (var i = 0; i < d; i++) column[i] = p.Factor[i * d + j];
            Cholesky.Solve(q.Factor, column);
            for (var i = 0; i < d; i++) sum += i == j ? Elementary.Bregman(1, column[i] - 1, column[i]) + 0.5 * (column[i] - 1) * (column[i] - 1) : 0.5 * column[i] * column[i];
        }

        for (var i = 0; i < d; i++) column[i] = p.Mean[i] - q.Mean[i];
        Cholesky.Solve(q.Factor, column);
        return sum + 0.5 * column.Sum(z => z * z);
    }

    // The integral of a product of normals is the normal density of one mean around the other with the sum of the covariances.
    private static double LogOverlap(Gauss p, Gauss q)
    {
        var d = p.Mean.Length;
        var covariance = new double[d][];
        for (var i = 0; i < d; i++)
        {
            covariance[i] = new double[d];
            for (var j = 0; j < d; j++)
            {
                for (var k = 0; k <= Math.Min(i, j); k++) covariance[i][j] += p.Factor[i * d + k] * p.Factor[j * d + k] + q.Factor[i * d + k] * q.Factor[j * d + k];
            }
        }

        if (!Cholesky.TryFactor(covariance, doubt: 0, out var factor, out _)) return double.NegativeInfinity;
        var (z, log) = (p.Mean.Zip(q.Mean, (m, n) => m - n).ToArray(), -0.5 * d * Math.Log(2 * Math.PI));
        Cholesky.Solve(factor, z);
        for (var i = 0; i < d; i++) log -= Math.Log(factor[i * d + i]);
        return log - 0.5 * z.Sum(coordinate => coordinate * coordinate);
    }

    private sealed record Gauss(double[] Mean, double[] Factor)
    {
        public static Gauss Of(MixtureDensity mixture, int k) => new(mixture.Means.AsSpan(k * mixture.Dimension, mixture.Dimension).ToArray(), mixture.Factor(k).ToArray());

        public static Gauss Of(Moments moments)
        {
            if (!Cholesky.TryFactor(moments.Covariance, doubt: 0, out var factor, out var pivot))
                throw new NotComputableException("not-resolved", $"The covariance of a mixture is not positive definite in numbers of 16 digits: the pivot of row {pivot} is not positive.");
            return new Gauss(moments.Mean, factor);
        }
    }
}
