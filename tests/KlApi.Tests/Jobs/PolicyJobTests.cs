using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

/// <summary>Policies as a client meets them.</summary>
public sealed class PolicyJobTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Bandit_IsAnsweredBesideItsOptimum()
    {
        var job = await Finish("""{ "kind": "policy", "environment": { "name": "bandit", "rewards": [1, 0], "reference": [0.3, 0.7] }, "penalty": { "beta": 0.5 }, "steps": 1000 }""");
        var result = job["result"]!;
        var best = 0.3 * Math.Exp(2) / (0.3 * Math.Exp(2) + 0.7);
        Assert.Equal(best, (double)result["optimum"]!["policy"]![0]!, 1e-12);
        Assert.Equal(best, (double)result["policy"]![0]!, 1e-3);
        Assert.Equal("KL(pi||ref)", (string?)result["penalty"]!["optimises"]);
        Assert.Equal(4, result["frontier"]!.AsArray().Count);
        foreach (var chart in new[] { "reward", "kl", "frontier", "policy" })
            Assert.StartsWith("<svg", await _client.GetStringAsync($"/v1/jobs/{job["id"]}/charts/{chart}.svg"), StringComparison.Ordinal);
        Assert.Equal(result.ToJsonString(), JsonNode.Parse(await _client.GetStringAsync($"/v1/jobs/{job["id"]}/artifacts/report.json"))!.ToJsonString());
    }

    [Fact]
    public async Task Sequences_AreAnsweredStateByState()
    {
        var job = await Finish("""
            { "kind": "policy", "environment": { "name": "sequence", "length": 3, "vocabulary": 2, "pattern": [0, 1] }, "gradient": "sampled", "batchSize": 16,
              "penalty": { "estimator": "k3", "in": "loss", "beta": 0.5 }, "steps": 50, "frontier": [] }
            """);
        Assert.Equal(5, job["result"]!["states"]!.AsArray().Count);
        Assert.Null(job["result"]!["policy"]);
        // Asked for the reverse direction, which k3 in the loss is not.
        Assert.Equal(2, job["result"]!["warnings"]!.AsArray().Count);
        Assert.StartsWith("<svg", await _client.GetStringAsync($"/v1/jobs/{job["id"]}/charts/policy.svg"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "name": "bandit", "rewards": [1] }""", "/environment/rewards")]
    [InlineData("""{ "name": "bandit", "rewards": [1, "x"] }""", "/environment/rewards/1")]
    [InlineData("""{ "name": "bandit" }""", "/environment/rewards")]
    [InlineData("""{ "name": "casino", "rewards": [1, 2] }""", "/environment/name")]
    [InlineData("""{ "name": "sequence", "pattern": [7] }""", "/environment/pattern/0")]
    public async Task BadInput_IsRefusedByItsPlace(string environment, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", $$"""{ "kind": "policy", "environment": {{environment}} }""");
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Json["errors"]!.AsObject().Select(error => error.Key));
    }

    private async Task<JsonNode> Finish(string body)
    {
        var job = await _client.Finished(await _client.Submit(body));
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        return job;
    }
}
