using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// Probabilities of K categories that are uncertain: p(x) = Gamma(A)/(Gamma(a_1) ... Gamma(a_K)) times the product of x_i^(a_i - 1), a = concentration, A their
/// sum, as a density in the first K - 1 coordinates.
/// </summary>
public sealed record Dirichlet : Distribution
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // How far from 1 the coordinates of a point may sum.
    private const double Tolerance = 1e-6;

    /// <summary>The concentrations: at least 2, each positive.</summary>
    [Finite]
    public required double[] Concentration { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new(
        "Gamma(sum concentration)/(product of Gamma(concentration_i)) times the product of x_i^(concentration_i - 1)", "x_i >= 0 that sum to 1", "Uncertain probabilities of several categories.");

    /// <inheritdoc/>
    public override int Dimension() => Concentration.Length;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        var at = problems.At("concentration");
        if (Concentration.Length < 2) at.Add($"must have at least 2 elements, had {Concentration.Length}");
        for (var i = 0; i < Concentration.Length; i++)
        {
            if (Concentration[i] is not (> 0 and <= double.MaxValue)) at.At(i).Add($"must be positive and finite, was {Concentration[i]:R}");
        }

        if (Concentration.All(a => a > 0 && double.IsFinite(a)) && double.IsInfinity(Concentration.Sum())) at.Add("must have a sum within the range of doubles");
    }

    /// <inheritdoc/>
    public override double[] LogDensities(Points points)
    {
        var total = Concentration.Sum();
        var scale = StirlingError.At(total) - 0.5 * Math.Log(total) - (Dimension() - 1) * HalfLogTwoPi;
        foreach (var a in Concentration) scale += 0.5 * Math.Log(a) - StirlingError.At(a);
        var logs = new double[points.Count];
        for (var i = 0; i < logs.Length; i++) logs[i] = LogDensity(points[i], total, scale);
        return logs;
    }

    /// <summary>Gamma variates over their sum, by their logarithms, so that concentrations of 1e-8 leave one of them.</summary>
    public override Points Sample(int count, RandomStream random)
    {
        var d = Dimension();
        var (draws, logs) = (new double[count * d], new double[d]);
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < d; k++) logs[k] = GammaDraw.LogOf(Concentration[k], random);
            var sum = LogSum.Of(logs);
            for (var k = 0; k < d; k++) draws[i * d + k] = sum.Share(logs[k]);
        }

        return new Points(draws, d, plain: false);
    }

    /// <summary>Mean a/A and covariance (diag m - m m^T)/(A + 1); null for more than 1000 categories.</summary>
    public override Moments? Moments()
    {
        if (Dimension() > Multinomial.MostCoordinates) return null;
        var total = Concentration.Sum();
        double[] mean = [.. Concentration.Select(a => a / total)];
        return new(mean, [.. mean.Select((x, i) => mean.Select((y, j) => x * (i == j ? 1 - x : -y) / (total + 1)).ToArray())]);
    }

    /// <summary>ln B(a) + (A - K) psi(A) - sum (a_i - 1) psi(a_i), with what cancels for large concentrations taken out.</summary>
    public override double? EntropyByFormula()
    {
        var total = Concentration.Sum();
        var (rest, sum) = (-LogGammaBregman.LogLessDigamma(total), new CompensatedSum());
        foreach (var a in Concentration)
        {
            var mine = -LogGammaBregman.LogLessDigamma(a);
            sum.Add(a * (rest - mine));
            sum.Add(mine - rest + Math.Log(a / total));
            sum.Add(StirlingError.At(a) - 0.5 * Math.Log(a));
        }

        return sum.Value + 0.5 * Math.Log(total) + (Dimension() - 1) * HalfLogTwoPi - StirlingError.At(total);
    }

    // By the deviances of x from a/A; the powers of x that are left are -1.
    private double LogDensity(ReadOnlySpan<double> x, double total, double scale)
    {
        var all = 0.0;
        foreach (var coordinate in x)
        {
            if (coordinate < 0) return double.NegativeInfinity;
            all += coordinate;
        }

        if (!(Math.Abs(all - 1) <= Tolerance)) return double.NegativeInfinity;
        var (sum, hasPole) = (new CompensatedSum(), false);
        for (var i = 0; i < x.Length; i++)
        {
            var (a, share) = (Concentration[i], x[i] / all);
            if (share == 0 && a > 1) return double.NegativeInfinity;
            hasPole |= share == 0 && a < 1;
            // For a = 1 the logarithms of x are each other's opposites.
            if (share == 0) sum.Add(a == 1 ? Math.Log(total) + 1 : 0);
            else sum.Add(-Elementary.Bregman(a, total * share - a, total * share) - Math.Log(share));
        }

        return hasPole ? double.PositiveInfinity : sum.Value + scale;
    }
}
