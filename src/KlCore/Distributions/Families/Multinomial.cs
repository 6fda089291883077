using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>How often each of several categories occurs in a number of trials: P(x) = trials!/(x_1! ... x_K!) times the product of probabilities_i^x_i.</summary>
public sealed record Multinomial : Distribution
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // A covariance of more coordinates is not written out.
    internal const int MostCoordinates = 1000;

    /// <summary>How many trials there are: a whole number from 0 to 2^53 - 1.</summary>
    [Range(0, Binomial.MaximumTrials)]
    public required long Trials { get; init; }

    /// <summary>The probabilities of the categories: at least 0 each, summing to 1 within 1e-6; they are then normalised exactly.</summary>
    [Finite]
    public required double[] Probabilities { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new(
        "trials!/(x_1! ... x_K!) probabilities_1^x_1 ... probabilities_K^x_K", "K counts that sum to trials", "How often each of several categories occurs in a number of trials.")
    {
        IsDiscrete = true,
    };

    /// <inheritdoc/>
    public override int Dimension() => Probabilities.Length;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        ProbabilityVector.Check(Probabilities, problems.At("probabilities"));
    }

    /// <inheritdoc/>
    public override double[] LogDensities(Points points)
    {
        var total = Sum(Probabilities);
        var logs = new double[points.Count];
        for (var i = 0; i < logs.Length; i++) logs[i] = LogMass(points[i], total);
        return logs;
    }

    /// <inheritdoc/>
    public override Points Sample(int count, RandomStream random)
    {
        var (d, draws) = (Dimension(), new double[count * Dimension()]);
        var rests = new double[d + 1];
        for (var k = d - 1; k >= 0; k--) rests[k] = rests[k + 1] + Probabilities[k];
        for (var i = 0; i < count; i++) Draw(rests, random, draws.AsSpan(i * d, d));
        return new Points(draws, d, plain: false);
    }

    /// <summary>Mean n p and covariance n (diag p - p p^T); null for more than 1000 categories.</summary>
    public override Moments? Moments()
    {
        if (Dimension() > MostCoordinates) return null;
        var total = Sum(Probabilities);
        double[] p = [.. Probabilities.Select(probability => probability / total)];
        return new([.. p.Select(x => Trials * x)], [.. p.Select((x, i) => p.Select((y, j) => Trials * x * (i == j ? 1 - x : -y)).ToArray())]);
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => Trials switch
    {
        0 => 0,
        1 => ProbabilityVector.Entropy(Probabilities),
        _ => Probabilities.Count(p => p > 0) == 1 ? 0 : null,
    };

    private static double Sum(double[] values)
    {
        var sum = new CompensatedSum();
        foreach (var value in values) sum.Add(value);
        return sum.Value;
    }

    // By the saddle point: the deviances add up without their linear parts, since both counts and means sum to n.
    private double LogMass(ReadOnlySpan<double> counts, double total)
    {
        var (sum, sumOfCounts) = (new CompensatedSum(), 0.0);
        for (var k = 0; k < counts.Length; k++)
        {
            var (x, mean) = (counts[k], Trials * (Probabilities[k] / total));
            if (x < 0 || Math.Floor(x) != x || (x > 0 && mean == 0)) return double.NegativeInfinity;
            sumOfCounts += x;
            sum.Add(-Elementary.Bregman(x, mean - x, mean));
            if (x > 0) sum.Add(-Factor(x));
        }

        if (sumOfCounts != Trials) return double.NegativeInfinity;
        return Trials == 0 ? 0 : Math.Min(0, sum.Value + Factor(Trials));
    }

    // What Stirling's formula has of ln x! beside x ln x - x.
    private static double Factor(double x) => StirlingError.At(x) + 0.5 * Math.Log(x) + HalfLogTwoPi;

    // One category after the other, of what the ones before left.
    private void Draw(double[] rests, RandomStream random, Span<double> counts)
    {
        var left = (double)Trials;
        for (var k = 0; k < counts.Length; k++)
        {
            if (left == 0 || Probabilities[k] == 0) continue;
            counts[k] = rests[k + 1] == 0 ? left : Binomial.Draw(left, Probabilities[k] / rests[k], rests[k + 1] / rests[k], random);
            left -= counts[k];
        }
    }
}
