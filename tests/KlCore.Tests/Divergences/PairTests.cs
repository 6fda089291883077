using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

public class PairTests
{
    private static readonly double[] P = [0.1, 0.9];
    private static readonly double[] Q = [0.9, 0.1];

    [Fact]
    public void Between_TextbookPair_IsEightTenthsOfLogNine()
    {
        var forward = new KullbackLeibler().Between(Pair.From(P, Q));
        Assert.Equal(0.8 * Math.Log(9), forward.Value, 1e-15);
        Assert.Equal(Method.Exact, forward.Method);
        Assert.Equal(0.8 * Math.Log2(9), new KullbackLeibler().Between(Pair.From(P, Q), Unit.Bits).Value, 1e-15);
    }

    [Theory]
    [InlineData(InputKind.Probabilities, new[] { 0.5, -0.2, 0.7 }, "/p/1", "must be at least 0, was -0.2")]
    [InlineData(InputKind.Probabilities, new[] { 0.5, double.NaN, 0.5 }, "/p/1", "must be finite, was NaN")]
    [InlineData(InputKind.Probabilities, new[] { 0.5, 0.5, 0.5 }, "/p", "must sum to 1 within 1E-06, summed to 1.5")]
    [InlineData(InputKind.Weights, new[] { 0.0, 0, 0 }, "/p", "must have a positive sum, was all zeros")]
    [InlineData(InputKind.Weights, new double[0], "/p", "must have at least 1 element, had none")]
    [InlineData(InputKind.Logits, new[] { 1, 2, double.PositiveInfinity }, "/p/2", "must be finite or -Infinity, was Infinity")]
    [InlineData(InputKind.Logits, new[] { double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity }, "/p", "must have at least one finite number")]
    public void From_IllegalNumbers_NamesThem(InputKind input, double[] p, string pointer, string message)
    {
        double[] q = input is InputKind.Logits ? [0, 0, 0] : [0.5, 0.25, 0.25];
        var error = Assert.Throws<InvalidInputException>(() => Pair.From(p, q, new() { Input = input }));
        Assert.Contains(message, error.Problems.ByPointer()[pointer]);
    }

    [Fact]
    public void From_UnequalLengths_SaysSo()
    {
        var error = Assert.Throws<InvalidInputException>(() => Pair.From(P, [1.0]));
        Assert.Equal(["must have 2 elements like p, had 1"], error.Problems.ByPointer()["/q"]);
    }
}
