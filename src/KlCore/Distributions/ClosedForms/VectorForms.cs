using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Closed forms of distributions of vectors and matrices.</summary>
internal static class VectorForms
{
    private const string Normals = "((m - m')^T S'^-1 (m - m') + tr(S'^-1 S) - d + ln det S' - ln det S)/2, m = mean, S = covariance";

    public static IEnumerable<ClosedForm> All =>
    [
        new ClosedForm<Multinomial, Multinomial>("trials sum p_i ln(p_i/p'_i), p = probabilities; Infinity for other trials'", (p, q) => p.Trials != q.Trials ? double.PositiveInfinity : p.Trials == 0 ? 0 : p.Trials * TrialForms.Categories(p.Probabilities, q.Probabilities))
        {
            Chernoff = (p, q, a) => p.Trials != q.Trials ? null : p.Trials == 0 ? 0 : p.Trials * TrialForms.LogCategories(p.Probabilities, q.Probabilities, a),
        },
        new ClosedForm<Dirichlet, Dirichlet>("ln B(a') - ln B(a) + sum (a_i - a'_i) (psi(a_i) - psi(sum a)), a = concentration, B(a) = product Gamma(a_i)/Gamma(sum a)", (p, q) => DirichletBregman.Of(p.Concentration, q.Concentration))
        {
            Chernoff = LogDirichlet,
        },
        new ClosedForm<Wishart, Wishart>("n/2 (tr V'^-1 V - d) - n'/2 ln det V'^-1 V + ln Gamma_d(n'/2) - ln Gamma_d(n/2) + (n - n')/2 psi_d(n/2), n = degreesOfFreedom, V = scale", WishartDivergence.Of)
        {
            Chernoff = WishartDivergence.LogChernoff,
        },
        new ClosedForm<MultivariateNormal, MultivariateNormal>(Normals, (p, q) => Between(Of(p), Of(q)).KullbackLeibler())
        {
            Chernoff = (p, q, a) => LogNormals(Of(p), Of(q), a),
            Transport = (p, q, order) => Transport(Of(p), Of(q), order),
        },
        new ClosedForm<Normal, MultivariateNormal>(Normals, (p, q) => Between(Of(p), Of(q)).KullbackLeibler())
        {
            Chernoff = (p, q, a) => LogNormals(Of(p), Of(q), a),
            Transport = (p, q, order) => Transport(Of(p), Of(q), order),
        },
        new ClosedForm<MultivariateNormal, Normal>(Normals, (p, q) => Between(Of(p), Of(q)).KullbackLeibler())
        {
            Chernoff = (p, q, a) => LogNormals(Of(p), Of(q), a),
            Transport = (p, q, order) => Transport(Of(p), Of(q), order),
        },
    ];

    private static Gaussian Of(MultivariateNormal normal) => new() { Mean = new Location(normal.Mean), Covariance = normal.Covariance };

    private static Gaussian Of(Normal normal) => new() { Mean = new Location([normal.Mean]), StandardDeviation = normal.StandardDeviation };

    private static GaussianPair Between(Gaussian p, Gaussian q) => GaussianPair.From(p, q);

    private static double? Transport(Gaussian p, Gaussian q, int order) => order == 2 ? Between(p, q).Compare().Wasserstein2 : null;

    // With m between the two, or beyond: -a KL(m || p) - b KL(m || q).
    private static double? LogDirichlet(Dirichlet p, Dirichlet q, double a)
    {
        double[] middle = [.. p.Concentration.Zip(q.Concentration, (x, y) => a * x + (1 - a) * y)];
        if (!middle.All(concentration => concentration > 0)) return double.PositiveInfinity;
        return -(a * DirichletBregman.Of(middle, p.Concentration) + (1 - a) * DirichletBregman.Of(middle, q.Concentration));
    }

    /// <summary>
    /// -(b E(S) + a E(S') + a b |m - m'|^2) / 2 with both covariances' excess towards aS' + bS, the length in its terms, and b = 1 - a; infinite where that is
    /// not positive definite.
    /// </summary>
    private static double? LogNormals(Gaussian p, Gaussian q, double a)
    {
        var b = 1 - a;
        var (first, second) = (CovarianceOf(p), CovarianceOf(q));
        double[][] blend = [.. first.Select((row, i) => row.Select((element, j) => b * element + a * second[i][j]).ToArray())];
        var (atP, atQ) = (new Gaussian { Mean = p.Mean, Covariance = blend }, new Gaussian { Mean = q.Mean, Covariance = blend });
        if (GaussianPair.TryFrom(atP, atQ, new Problems(), CancellationToken.None) is not { } shift) return a is >= 0 and <= 1 ? null : double.PositiveInfinity;
        return -(b * Between(p, atP).KullbackLeibler() + a * Between(q, atQ).KullbackLeibler() + a * b * shift.KullbackLeibler());
    }

    private static double[][] CovarianceOf(Gaussian gaussian) => gaussian.Covariance ?? [[gaussian.StandardDeviation!.Value * gaussian.StandardDeviation.Value]];
}
