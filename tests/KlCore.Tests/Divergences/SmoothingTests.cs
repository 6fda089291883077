using System.Text.Json;
using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

/// <summary>What smoothing refuses and says; its numbers are among the golden ones.</summary>
public class SmoothingTests
{
    [Theory]
    [InlineData("""{"method":"clip","epsilon":0.7}""", "/smoothing/epsilon")]
    [InlineData("""{"method":"additive","alpha":0}""", "/smoothing/alpha")]
    [InlineData("""{"method":"jelinek-mercer","lambda":1.5}""", "/smoothing/lambda")]
    [InlineData("""{"method":"dirichlet","mu":-1}""", "/smoothing/mu")]
    [InlineData("""{"method":"absolute-discount","delta":-0.5}""", "/smoothing/delta")]
    [InlineData("""{"method":"dirichlet","mu":1,"background":[0.5,-0.5,1]}""", "/smoothing/background/1")]
    [InlineData("""{"method":"dirichlet","mu":1,"background":[0.5,0.5,0.5]}""", "/smoothing/background")]
    [InlineData("""{"method":"dirichlet","mu":1,"background":[0.5,0.5]}""", "/p")]
    [InlineData("""{"method":"good-turing"}""", "/p/1")]
    public void From_IllegalParameter_NamesIt(string json, string pointer)
    {
        var how = new Interpretation { Input = InputKind.Weights, Smoothing = JsonSerializer.Deserialize<Smoothing>(json, Golden.Options)! };
        var error = Assert.Throws<InvalidInputException>(() => Pair.From([1, 2.5, 0], [1, 1, 1], how));
        Assert.Contains(pointer, error.Problems.ByPointer().Keys);
    }

    [Fact]
    public void GoodTuring_Probabilities_AreRefused()
    {
        var error = Assert.Throws<InvalidInputException>(() => Pair.From([0.5, 0.5], [0.5, 0.5], new() { Smoothing = new GoodTuring() }));
        Assert.Contains("must be counts (input weights) for good-turing smoothing", error.Problems.ByPointer()["/p"]);
    }

    [Theory]
    [InlineData(new double[] { 2, 3, 0 }, "no-singletons")]
    [InlineData(new double[] { 1, 1, 0 }, "no-frequencies-of-frequencies")]
    public void GoodTuring_NothingToGoBy_IsNotComputable(double[] counts, string code)
    {
        var error = Assert.Throws<NotComputableException>(() => Pair.From(counts, counts, new() { Input = InputKind.Weights, Smoothing = new GoodTuring() }));
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public void WittenBell_NoEmptyCategory_ChangesNothing()
    {
        var pair = Pair.From([1, 2, 3], [3, 2, 1], new() { Input = InputKind.Weights, Smoothing = new WittenBell() });
        Assert.Equal(Pair.From([1, 2, 3], [3, 2, 1], new() { Input = InputKind.Weights }).P.ToArray(), pair.P.ToArray());
    }

    [Fact]
    public void Clip_ArticleExample_IsNumPysNumber()
    {
        // np.clip([1, 0], 1e-10, 1 - 1e-10) against np.clip([0.5, 0.5], ...): np.sum(P * np.log(P / Q)) = 0.69314717828...
        var value = new KullbackLeibler().Between(Pair.From([1, 0], [0.5, 0.5], new() { Smoothing = new Clip() })).Value;
        var (low, high) = (1e-10, 1 - 1e-10);
        Assert.Equal(low * Math.Log(low / 0.5) + high * Math.Log(high / 0.5), value, 1e-15);
    }

    [Fact]
    public void Clip_SumThatChanged_IsSaid()
    {
        var how = new Interpretation { Smoothing = new Clip() };
        Assert.Contains("p sums to 1.0000000001 after smoothing and is not normalised again", Warnings.Of(Pair.From([0.5, 0.5, 0], [0.5, 0.5, 0], how)));
        Assert.Empty(Warnings.Of(Pair.From([0.25, 0.75], [0.5, 0.5], how)));
    }

    [Fact]
    public void Clip_DifferentDistributions_HaveAHellingerDistance()
    {
        var how = new Interpretation { Smoothing = new Clip { Epsilon = 0.1 } };
        var expected = Math.Abs(Math.Sqrt(0.5) - Math.Sqrt(0.4)) / Math.Sqrt(2);
        Assert.Equal(expected, new Hellinger().Between(Pair.From([0.5, 0.5, 0], [0.4, 0.5, 0.1], how)).Value, 1e-15);
    }
}
