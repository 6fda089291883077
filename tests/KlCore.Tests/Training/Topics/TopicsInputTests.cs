using System.Text.Json;
using KlCore.Training;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Topics;

/// <summary>What a specification may say, and what it is told when it says something else.</summary>
public class TopicsInputTests
{
    private const string Example = """{ "kind": "topics", "documents": ["text data", "more text"], "topics": 2, "passes": 3 }""";

    [Theory]
    [InlineData("\"topics\": 0", "/topics")]
    [InlineData("\"topics\": 1001", "/topics")]
    [InlineData("\"topics\": 2, \"chunkSize\": 0", "/chunkSize")]
    [InlineData("\"topics\": 2, \"updateEvery\": -1", "/updateEvery")]
    [InlineData("\"topics\": 2, \"decay\": 1.5", "/decay")]
    [InlineData("\"topics\": 2, \"offset\": 0", "/offset")]
    [InlineData("\"topics\": 2, \"iterations\": 0", "/iterations")]
    [InlineData("\"topics\": 2, \"gammaThreshold\": -1", "/gammaThreshold")]
    [InlineData("\"topics\": 2, \"minimumProbability\": 2", "/minimumProbability")]
    [InlineData("\"topics\": 2, \"wordsPerTopic\": 0", "/wordsPerTopic")]
    [InlineData("\"topics\": 2, \"validationFraction\": 1", "/validationFraction")]
    [InlineData("\"topics\": 2, \"alpha\": 0", "/alpha")]
    [InlineData("\"topics\": 2, \"alpha\": [0.5]", "/alpha")]
    [InlineData("\"topics\": 2, \"alpha\": [0.5, -1]", "/alpha/1")]
    [InlineData("\"topics\": 2, \"eta\": 1e9", "/eta")]
    [InlineData("\"topics\": 2, \"eta\": \"asymmetric\"", "/eta")]
    [InlineData("\"topics\": 2, \"eta\": [1, 2]", "/eta")]
    [InlineData("\"topics\": 2, \"words\": { \"minimumLength\": 0 }", "/words/minimumLength")]
    [InlineData("\"topics\": 2, \"words\": { \"minimumLength\": 5, \"maximumLength\": 4 }", "/words/maximumLength")]
    [InlineData("\"topics\": 2, \"words\": { \"minimumLength\": 9 }", "/documents")]
    [InlineData("\"topics\": 2, \"words\": { \"stopWords\": [\"text\", \"data\", \"more\"] }", "/documents")]
    [InlineData("\"topics\": 2, \"filterExtremes\": { }", "/documents")]
    [InlineData("\"topics\": 2, \"filterExtremes\": { \"noAbove\": 0 }", "/filterExtremes/noAbove")]
    [InlineData("\"topics\": 2, \"filterExtremes\": { \"keepN\": 0 }", "/filterExtremes/keepN")]
    [InlineData("\"topics\": 2, \"earlyStopping\": { }", "/validationFraction")]
    [InlineData("\"topics\": 2, \"validationFraction\": 0.5, \"alpha\": \"auto\", \"earlyStopping\": { }", "/alpha")]
    [InlineData("\"topics\": 2, \"data\": { \"dataset\": \"d\" }", "/documents")]
    [InlineData("\"topics\": 2, \"data\": { \"dataset\": \"\" }", "/data/dataset,/documents")]
    public void Check_OfAnIllegalValue_NamesIt(string illegal, string pointers)
    {
        Assert.Empty(Fits.Problems(Example));
        Assert.Equal(pointers.Split(','), Fits.Problems(Example.Replace("\"topics\": 2", illegal, StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Check_WithoutDocuments_AsksForThem()
    {
        Assert.Equal(["/documents"], Fits.Problems("""{ "kind": "topics" }"""));
        Assert.Equal(["/documents"], Fits.Problems("""{ "kind": "topics", "documents": [] }"""));
        Assert.Equal(["/documents"], Fits.Problems("""{ "kind": "topics", "documents": ["", "42"] }"""));
        Assert.Empty(Fits.Problems("""{ "kind": "topics", "data": { "dataset": "d" } }"""));
    }

    [Theory]
    [InlineData("\"alpha\": \"automatic\"")]
    [InlineData("\"alpha\": null")]
    [InlineData("\"alpha\": [\"1\"]")]
    [InlineData("\"alpha\": { }")]
    [InlineData("\"words\": { \"stopWords\": \"german\" }")]
    [InlineData("\"words\": { \"stopWords\": [1] }")]
    [InlineData("\"documents\": \"text\"")]
    [InlineData("\"passess\": 2")]
    public void Specification_OfAnotherShape_IsNotRead(string more) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TrainingSpecification>($$"""{ "kind": "topics", "data": { "dataset": "d" }, {{more}} }""", Fits.Json));

    [Theory]
    [InlineData("\"alpha\": \"asymmetric\", \"eta\": 0.25, \"words\": { \"stopWords\": \"english\" }")]
    [InlineData("\"alpha\": [0.5, 0.25], \"eta\": \"auto\", \"words\": { \"stopWords\": [\"an\"] }, \"filterExtremes\": { \"keepN\": null }")]
    public void Specification_WrittenBack_IsTheSame(string more)
    {
        var json = $$"""{ "kind": "topics", "data": { "dataset": "d" }, "topics": 2, {{more}} }""";
        var once = JsonSerializer.Serialize(JsonSerializer.Deserialize<TrainingSpecification>(json, Fits.Json)!, Fits.Json);
        Assert.Equal(once, JsonSerializer.Serialize(JsonSerializer.Deserialize<TrainingSpecification>(once, Fits.Json)!, Fits.Json));
        foreach (var part in more.Split("\"words\"")[0].Split(", \"eta\"")) Assert.Contains(part.Replace(" ", "", StringComparison.Ordinal).TrimEnd(','), once, StringComparison.Ordinal);
    }

    // A hundred thousand different words and a thousand topics would take more than a gigabyte.
    [Fact]
    public void Check_OfTooLargeWork_SaysHowMuch()
    {
        var words = Enumerable.Range(0, 100_000).Select(i => string.Concat($"{i}".Select(digit => (char)('a' + digit - '0'))));
        var problems = new Problems();
        JsonSerializer.Deserialize<TrainingSpecification>(TopicJobs.Json([string.Join("yz ", words)], "\"topics\": 1000, \"words\": { \"minimumLength\": 1 }"), Fits.Json)!.Check(problems);
        Assert.Contains("MB for 1000 topics, 100000 words", Assert.Single(problems.ByPointer()["/documents"]), StringComparison.Ordinal);
    }
}
