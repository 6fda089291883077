using KlCore.Policies;

namespace KlCore.Tests.Policies;

public class ControlVariateTests
{
    [Fact]
    public void Lambda_OfTokens_IsMinusCovarianceOverVariance()
    {
        double[] delta = [0.3, -0.7, 0.1, 1.2, -0.2, 0.4];
        var control = Array.ConvertAll(delta, d => Math.Exp(-d) - 1);
        var lambda = -Covariance(delta, control) / Covariance(control, control);
        var result = Optimal(delta);
        Assert.True(result.Control!.IsDetermined);
        Assert.Equal(lambda, result.Control.Lambda, 1e-13);
        var values = delta.Zip(control, (d, c) => d + (lambda * c)).ToArray();
        Assert.Equal(values.Average(), result.Aggregations[0].Value, 1e-14);
        Assert.Equal(1 - (Covariance(values, values) / Covariance(delta, delta)), result.Control.VarianceReduction!.Value, 1e-12);
        Assert.All((double[])[lambda - 0.1, lambda + 0.1, 0, 1], other =>
            Assert.True(Variance(delta, other) > result.Variance, $"{other}"));
    }

    [Fact]
    public void CrossFitted_OfTwoHalves_TakesEachLambdaFromTheOther()
    {
        double[] even = [0.3, 0.1, -0.2, 0.9], odd = [-0.7, 1.2, 0.4, -0.1];
        double[] delta = [.. even.Zip(odd, (a, b) => new[] { a, b }).SelectMany(pair => pair)];
        var (first, second) = (Lambda(even), Lambda(odd));
        var result = Optimal(delta);
        Assert.Equal([first, second], result.Control!.CrossFittedLambdas!, (a, b) => Math.Abs(a - b) < 1e-13);
        var expected = (even.Sum(d => d + (second * (Math.Exp(-d) - 1))) + odd.Sum(d => d + (first * (Math.Exp(-d) - 1)))) / 8;
        Assert.Equal(expected, result.Aggregations[0].CrossFitted!.Value, 1e-14);
    }

    /// <summary>lambda* is nearly 1 and k1 cancels: what is left is of the order of delta^2.</summary>
    [Fact]
    public void Value_OfNearlyEqualPolicies_KeepsItsDigits()
    {
        double[] delta = [1e-9, -2e-9, 3e-9, -1e-9];
        // To leading order c = -d, k3 = d^2/2: 1 - lambda = Cov(k3, c)/Var(c) and k = (1 - lambda) d + k3 (decimal arithmetic).
        var d = delta.Select(value => (decimal)value * 1e9m).ToArray();
        var (mean, meanSquare) = (d.Average(), d.Select(value => value * value / 2).Average());
        var complement = -d.Select(value => ((value * value / 2) - meanSquare) * (value - mean)).Sum() / d.Select(value => (value - mean) * (value - mean)).Sum();
        var expected = (double)((complement * mean) + meanSquare) * 1e-18;
        Assert.Equal(1, Optimal(delta).Aggregations[0].Value / expected, 1e-7);
    }

    [Fact]
    public void Value_FarBelowZero_DoesNotOverflow()
    {
        var result = Optimal([-800, 0.1, 0.2, -0.1]);
        Assert.True(double.IsFinite(result.Aggregations[0].Value));
        Assert.True(result.Control!.IsDetermined);
    }

    [Fact]
    public void Lambda_OfASingleValue_IsLeftAtK3()
    {
        var result = Optimal([0.5, 0.5, 0.5]);
        Assert.Equal((1, false), (result.Control!.Lambda, result.Control.IsDetermined));
        Assert.Equal(Math.Exp(-0.5) - 0.5, result.Aggregations[0].Value, 1e-15);
        Assert.Null(result.Aggregations[0].CrossFitted);
    }

    private static EstimatorResult Optimal(double[] delta) => PolicyEvaluation.Of(
        new() { LogProbabilities = new(Array.ConvertAll(delta, d => Math.Min(d, 0))), Reference = new(Array.ConvertAll(delta, d => Math.Min(-d, 0))) },
        new() { Estimators = [PolicyEstimator.Optimal], Aggregation = Aggregation.TokenMean }).Results.Single();

    private static double Lambda(double[] delta)
    {
        var control = Array.ConvertAll(delta, d => Math.Exp(-d) - 1);
        return -Covariance(delta, control) / Covariance(control, control);
    }

    private static double Variance(double[] delta, double lambda)
    {
        var values = Array.ConvertAll(delta, d => d + (lambda * (Math.Exp(-d) - 1)));
        return Covariance(values, values);
    }

    private static double Covariance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum() / (a.Length - 1);
}
