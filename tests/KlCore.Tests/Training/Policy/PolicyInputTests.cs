using System.Text.Json;
using KlCore.Training;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Policy;

/// <summary>What a specification may say, and what it is told when it says something else.</summary>
public class PolicyInputTests
{
    private const string Bandit = """{ "kind": "policy", "environment": { "name": "bandit", "rewards": [1, 2] }, "steps": 10 }""";
    private const string Sequence = """{ "kind": "policy", "environment": { "name": "sequence", "pattern": [0, 1] }, "steps": 10 }""";

    [Theory]
    [InlineData("\"rewards\": [1]", "/environment/rewards")]
    [InlineData("\"rewards\": [1, 1e7]", "/environment/rewards/1")]
    [InlineData("\"rewards\": [1, 2], \"noise\": [1]", "/environment/noise")]
    [InlineData("\"rewards\": [1, 2], \"noise\": [0, -1]", "/environment/noise/1")]
    [InlineData("\"rewards\": [1, 2], \"reference\": [0.5, 0.6]", "/environment/reference")]
    [InlineData("\"rewards\": [1, 2], \"reference\": [1, 0]", "/environment/reference/1")]
    [InlineData("\"rewards\": [1, 2], \"reference\": [1]", "/environment/reference")]
    public void Check_OfAnIllegalBandit_NamesIt(string illegal, string pointer) => Names(Bandit, "\"rewards\": [1, 2]", illegal, pointer);

    [Theory]
    [InlineData("\"pattern\": [0, 3]", "/environment/pattern/1")]
    [InlineData("\"pattern\": [0, 1, 2]", "/environment/pattern")]
    [InlineData("\"length\": 0, \"pattern\": [1]", "/environment/length")]
    [InlineData("\"vocabulary\": 1, \"pattern\": [0]", "/environment/vocabulary")]
    [InlineData("\"length\": 1000, \"vocabulary\": 100, \"pattern\": [0]", "/environment/length")]
    [InlineData("\"tokenRewards\": [1]", "/environment/tokenRewards")]
    [InlineData("\"length\": 2", "/environment/tokenRewards")]
    [InlineData("\"pattern\": [0], \"patternReward\": 1e9", "/environment/patternReward")]
    public void Check_OfAnIllegalSequence_NamesIt(string illegal, string pointer) => Names(Sequence, "\"pattern\": [0, 1]", illegal, pointer);

    [Theory]
    [InlineData("\"steps\": 0", "/steps")]
    [InlineData("\"steps\": 10, \"batchSize\": 0", "/batchSize")]
    [InlineData("\"steps\": 10, \"gradient\": \"sampled\", \"batchSize\": 100000", "/batchSize")]
    [InlineData("\"steps\": 1000000, \"gradient\": \"sampled\", \"batchSize\": 20000", "/steps")]
    [InlineData("\"steps\": 10, \"penalty\": { \"beta\": 0 }", "/penalty/beta")]
    [InlineData("\"steps\": 10, \"penalty\": { \"estimator\": \"absolute\" }", "/penalty/estimator")]
    [InlineData("\"steps\": 10, \"penalty\": { \"in\": \"loss\" }", "/penalty/in")]
    [InlineData("\"steps\": 10, \"penalty\": { \"controller\": { \"target\": 0 } }", "/penalty/controller/target")]
    [InlineData("\"steps\": 10, \"penalty\": { \"controller\": { \"target\": 1, \"horizon\": 10 } }", "/penalty/controller/horizon")]
    [InlineData("\"steps\": 10, \"frontier\": [1, 0]", "/frontier/1")]
    [InlineData("\"steps\": 10, \"optimizer\": { \"name\": \"adam\", \"learningRate\": 0 }", "/optimizer/learningRate")]
    public void Check_OfAnIllegalField_NamesIt(string illegal, string pointer) => Names(Bandit, "\"steps\": 10", illegal, pointer);

    [Theory]
    [InlineData("\"penalty\": { \"direction\": \"sideways\" }")]
    [InlineData("\"penalty\": { \"kl\": 1 }")]
    [InlineData("\"gradient\": \"numerical\"")]
    public void Specification_OfAnotherShape_IsNotRead(string more) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TrainingSpecification>(Bandit.Replace("\"steps\": 10", more, StringComparison.Ordinal), Fits.Json));

    private static void Names(string json, string legal, string illegal, string pointer)
    {
        Assert.Empty(Fits.Problems(json));
        Assert.Equal([pointer], Fits.Problems(json.Replace(legal, illegal, StringComparison.Ordinal)));
    }
}
