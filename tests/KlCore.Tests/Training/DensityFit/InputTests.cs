using System.Text.Json;
using KlCore.Distributions;
using KlCore.Training;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>What a specification may say, and what it is told when it says something else.</summary>
public class InputTests
{
    [Theory]
    [InlineData("\"seed\": 1", "\"seed\": -1", "/seed")]
    [InlineData("\"steps\": 2000", "\"steps\": 0", "/steps")]
    [InlineData("\"steps\": 2000", "\"steps\": 2000, \"batchSize\": 0", "/batchSize")]
    [InlineData("\"steps\": 2000", "\"steps\": 2000, \"maximumGradientNorm\": 0", "/maximumGradientNorm")]
    [InlineData("\"learningRate\": 0.05", "\"learningRate\": 0", "/optimizer/learningRate")]
    [InlineData("\"learningRate\": 0.05", "\"beta1\": 1", "/optimizer/beta1")]
    [InlineData("\"learningRate\": 0.05", "\"schedule\": { \"name\": \"step\", \"every\": 0 }", "/optimizer/schedule/every")]
    [InlineData("\"learningRate\": 0.05", "\"schedule\": { \"name\": \"warm-up\", \"steps\": 5, \"then\": { \"name\": \"cosine\", \"hold\": 2 } }", "/optimizer/schedule/then/hold")]
    [InlineData("{ \"name\": \"forward-kl\" }", "{ \"name\": \"renyi\", \"order\": -1 }", "/objective/order")]
    [InlineData("{ \"name\": \"forward-kl\" }", "{ \"name\": \"alpha\", \"alpha\": 11 }", "/objective/alpha")]
    [InlineData("{ \"name\": \"forward-kl\" }", "{ \"name\": \"jensen-shannon\", \"weight\": 1 }", "/objective/weight")]
    [InlineData("{ \"family\": \"normal\" }", "{ \"family\": \"gaussian-mixture\", \"components\": 0 }", "/model/components")]
    [InlineData("{ \"family\": \"normal\" }", "{ \"family\": \"normal\", \"initial\": { \"mean\": 0, \"standardDeviation\": 0 } }", "/model/initial/standardDeviation")]
    [InlineData("{ \"family\": \"normal\" }", "{ \"family\": \"multivariate-normal\", \"initial\": { \"mean\": [0, 0], \"covariance\": [[1, 0], [0, 1]] } }", "/model/initial")]
    [InlineData("[0.5, 0.5]", "[0.5, 0.6]", "/target/weights")]
    [InlineData("[0.5, 0.5]", "[1.5, -0.5]", "/target/weights/1")]
    [InlineData("[-3, 3]", "[-3]", "/target/means")]
    [InlineData("[1, 1]", "[1, 0]", "/target/standardDeviations/1")]
    [InlineData("[-3, 3]", "[[-3, 0], [3, 1]]", "/model/family")]
    [InlineData("[-3, 3]", "[[-3, 0], [3]]", "/target/means/1")]
    [InlineData(Fits.TwoModes, """{ "samples": [1] }""", "/target/samples")]
    [InlineData(Fits.TwoModes, """{ "samples": [] }""", "/target/samples")]
    [InlineData(Fits.TwoModes, """{ "samples": [2, 2, 2] }""", "/target/samples")]
    [InlineData(Fits.TwoModes, """{ "samples": [[1, 2], [2, 4], [3, 6]] }""", "/target/samples")]
    [InlineData("[-3, 3]", "[-3e300, 3e300]", "/target")]
    [InlineData(Fits.TwoModes, """{ "dataset": "" }""", "/target/dataset")]
    [InlineData(Fits.TwoModes, """{ "dataset": "d", "columns": [] }""", "/target/columns")]
    [InlineData(Fits.TwoModes, """{ "dataset": "d", "columns": ["a", "b"] }""", "/model/family")]
    public void Check_OfAnIllegalValue_NamesIt(string legal, string illegal, string pointer)
    {
        Assert.Empty(Fits.Problems(Fits.Example));
        Assert.Contains(legal, Fits.Example, StringComparison.Ordinal);
        Assert.Equal([pointer], Fits.Problems(Fits.Example.Replace(legal, illegal, StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_OfDependentColumns_RefusesThem()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (scale, shift) = (Math.Pow(10, random.Next(-3, 4)), random.Next(-10, 10));
            var x = Enumerable.Range(0, 200).Select(_ => scale * (random.NextDouble() + shift)).ToArray();
            var y = x.Select(_ => scale * random.NextDouble()).ToArray();
            AssertRefused(x.Select(a => new[] { a, a }), seed);
            AssertRefused(x.Select(a => new[] { a, 3 * a + 1 }), seed);
            AssertRefused(x.Zip(y, (a, b) => new[] { a, b, a - 2 * b }), seed);
            AssertRefused(x.Select(_ => new[] { x[0] }), seed);
            // As near as this, but not dependent.
            Assert.Empty(Problems(x.Zip(y, (a, b) => new[] { a, a + 1e-4 * b })));
        }

        static void AssertRefused(IEnumerable<double[]> rows, int seed) => Assert.True(Problems(rows) is ["/target/samples"], $"seed {seed}");

        static string[] Problems(IEnumerable<double[]> rows) => Fits.Problems(Fits.Example
            .Replace(Fits.TwoModes, $$"""{ "samples": {{JsonSerializer.Serialize(rows)}} }""", StringComparison.Ordinal)
            .Replace("{ \"family\": \"normal\" }", rows.First().Length == 1 ? "{ \"family\": \"normal\" }" : "{ \"family\": \"multivariate-normal\" }", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_OfManyIllegalValues_NamesThemAll()
    {
        var json = Fits.Example.Replace("2000", "0", StringComparison.Ordinal).Replace("[0.5, 0.5]", "[0.5, 0.6]", StringComparison.Ordinal);
        Assert.Equal(["/steps", "/target/weights"], Fits.Problems(json).Order());
    }

    [Theory]
    [InlineData("""{ "weights": [1] }""")]
    [InlineData("""{ "samples": [1, 2], "columns": ["a"] }""")]
    [InlineData("""{ "samples": [1, 2], "dataset": "d" }""")]
    [InlineData("""{ "samples": [1, [2]] }""")]
    [InlineData("""{ "samples": [[1], 2] }""")]
    [InlineData("""{ "samples": [null] }""")]
    [InlineData("""{ "samples": null }""")]
    [InlineData("""{ "family": "normal", "mean": 0, "standardDeviation": 1, "samples": [1, 2] }""")]
    [InlineData("""{ "family": "unheard-of" }""")]
    [InlineData("""{ "family": "normal", "mean": 0 }""")]
    [InlineData("""[]""")]
    [InlineData("""{}""")]
    public void Target_OfNoKnownShape_IsNotRead(string target) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TrainingSpecification>(Fits.Example.Replace(Fits.TwoModes, target, StringComparison.Ordinal), Fits.Json));

    [Theory]
    [InlineData("""{ "samples": [1, 2.5] }""")]
    [InlineData("""{ "samples": [[1, 2], [2.5, 3]] }""")]
    [InlineData("""{ "dataset": "d", "columns": ["proline"] }""")]
    [InlineData("""{ "dataset": "d" }""")]
    [InlineData("""{ "family": "normal", "mean": 0, "standardDeviation": 1 }""")]
    [InlineData("""{ "family": "multivariate-normal", "mean": [0, 1], "covariance": [[1, 0], [0, 2]] }""")]
    [InlineData("""{ "family": "gaussian-mixture", "weights": [1], "means": [[0, 1]], "covariances": [[[1, 0], [0, 2]]] }""")]
    public void Target_WrittenAsJson_IsWhatWasRead(string target)
    {
        var read = JsonSerializer.Deserialize<FitTarget>(target, Fits.Json);
        Assert.Equal(target.Replace(" ", "", StringComparison.Ordinal), JsonSerializer.Serialize(read, Fits.Json));
    }

    [Theory]
    [InlineData("""[[1, 2], [3, 4]]""", "/covariance/1/0")]
    [InlineData("""[[1, 2], [2, 1]]""", "/covariance/1/1")]
    [InlineData("""[[1, 0]]""", "/covariance")]
    [InlineData("""[[1, 0], [0]]""", "/covariance/1")]
    public void MultivariateNormal_WithoutALegalCovariance_SaysWhere(string covariance, string pointer)
    {
        var normal = JsonSerializer.Deserialize<Distribution>($$"""{ "family": "multivariate-normal", "mean": [0, 0], "covariance": {{covariance}} }""", Fits.Json)!;
        var problems = new Problems();
        normal.Check(problems);
        Assert.Equal([pointer], problems.ByPointer().Keys);
    }

    [Fact]
    public void Check_OfMoreWorkThanAStepMayTake_RefusesIt()
    {
        var rows = Enumerable.Range(0, 50).Select(i => $"[{string.Join(',', Enumerable.Range(0, 50).Select(j => i == j ? 1 : 0))}]");
        var target = $$"""{ "family": "multivariate-normal", "mean": [{{string.Join(',', new int[50])}}], "covariance": [{{string.Join(',', rows)}}] }""";
        var json = $$"""{ "kind": "density-fit", "target": {{target}}, "model": { "family": "gaussian-mixture", "components": 32 }, "batchSize": 1000 }""";
        Assert.Equal(["/batchSize"], Fits.Problems(json));
    }
}
