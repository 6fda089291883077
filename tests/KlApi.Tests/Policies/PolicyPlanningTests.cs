using KlApi.Tests.Host;

namespace KlApi.Tests.Policies;

/// <summary>Controller, budget, mismatch and best-of-n over HTTP.</summary>
public sealed class PolicyPlanningTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Budget_OfZero_HasBetaInfinity()
    {
        var answer = await Post("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "targetKl": 0 }""");
        Assert.Equal((200, "Infinity"), (answer.Status, (string?)answer.Json["beta"]));
        Assert.Equal("[0.5,0.5]", answer.Json["policy"]!.ToJsonString());
    }

    [Fact]
    public async Task Budget_InBits_IsSpentInBits()
    {
        var answer = await Post("budget", """{ "reference": [-0.6931471805599453, -0.6931471805599453], "input": "log-probabilities", "rewards": [0, 1], "targetKl": 0.5, "unit": "bits", "frontier": 3 }""");
        Assert.Equal(0.5, (double)answer.Json["kl"]!, 1e-12);
        Assert.Equal(1, (double)answer.Json["largestKl"]!, 1e-15);
        Assert.Equal(3, answer.Json["frontier"]!.AsArray().Count);
        Assert.Equal("bits", (string?)answer.Json["unit"]);
    }

    [Fact]
    public async Task Budget_ThatNoBetaSpends_Is422WithTheLargest()
    {
        var answer = await Post("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "targetKl": 0.7 }""");
        Assert.Equal((422, "budget-unreachable"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Contains("0.6931471805599453", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mismatch_TokenThatTheTrainerDeemsImpossible_Is422()
    {
        var answer = await Post("mismatch", """{ "rollout": [-1, -1], "trainer": [-1, "-Infinity"] }""");
        Assert.Equal((422, "impossible-token"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Equal(422, (await Post("mismatch", """{ "rollout": [-1], "trainer": [-1], "mask": [0] }""")).Status);
    }

    [Fact]
    public async Task Controller_Fixed_AnswersItsBeta() =>
        Assert.Equal(0.2, (double)(await Post("controller", """{ "controller": "fixed", "beta": 0.2, "observed": [3] }""")).Json["beta"]!);

    [Fact]
    public async Task BestOfN_WithoutReference_AnswersTheBoundOnly()
    {
        var answer = await Post("best-of-n", """{ "n": 4, "unit": "bits" }""");
        Assert.Equal(2 - (0.75 / Math.Log(2)), (double)answer.Json["bound"]!, 1e-14);
        Assert.Null(answer.Json["exact"]);
    }

    /// <summary>A choice of e^-800 is no double, and no failure.</summary>
    [Fact]
    public async Task Planning_ChoicesFartherApartThanADoubleReaches_IsAnswered()
    {
        var best = await Post("best-of-n", """{ "n": 4, "reference": [0, -800], "input": "logits", "rewards": [0, 1] }""");
        Assert.Equal((200, 0.0), (best.Status, (double)best.Json["exact"]!["kl"]!));
        Assert.Equal(200, (await Post("best-of-n", """{ "n": 4, "reference": [1, 1e308], "input": "weights", "rewards": [1, 0] }""")).Status);
        var greedy = await Post("budget", """{ "reference": [0, -800], "input": "logits", "rewards": [0, 1], "beta": 0, "frontier": 9 }""");
        Assert.Equal((800.0, 800.0), ((double)greedy.Json["kl"]!, (double)greedy.Json["largestKl"]!));
    }

    [Theory]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1] }""", "/targetKl")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "targetKl": 0.1, "beta": 1 }""", "/beta")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "targetKl": -0.1 }""", "/targetKl")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "beta": -1 }""", "/beta")]
    [InlineData("budget", """{ "reference": [0.5, 0.4], "rewards": [0, 1], "beta": 1 }""", "/reference")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0], "beta": 1 }""", "/rewards")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, "Infinity"], "beta": 1 }""", "/rewards/1")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "beta": 1, "frontier": 1 }""", "/frontier")]
    [InlineData("budget", """{ "reference": [0.5, 0.5], "rewards": [0, 1], "beta": 1, "input": "counts" }""", "/input")]
    [InlineData("mismatch", """{ "rollout": [[-1, 1]], "trainer": [[-1, -1]] }""", "/rollout/0/1")]
    [InlineData("mismatch", """{ "rollout": [[-1, -1]], "trainer": [[-1, 0.5]] }""", "/trainer/0/1")]
    [InlineData("mismatch", """{ "rollout": [[-1, -1]], "trainer": [[-1]] }""", "/trainer/0")]
    [InlineData("mismatch", """{ "rollout": [-1], "trainer": [-1], "mask": [2] }""", "/mask/0")]
    [InlineData("mismatch", """{ "rollout": [-1], "trainer": [-1], "truncation": 0.5 }""", "/truncation")]
    [InlineData("controller", """{ "beta": 0, "target": 1, "horizon": 10, "observed": [1] }""", "/beta")]
    [InlineData("controller", """{ "beta": 1, "horizon": 10, "observed": [1] }""", "/target")]
    [InlineData("controller", """{ "beta": 1, "target": 0, "horizon": 10, "observed": [1] }""", "/target")]
    [InlineData("controller", """{ "beta": 1, "target": 1, "observed": [1] }""", "/horizon")]
    [InlineData("controller", """{ "beta": 1, "target": 1, "horizon": 10, "observed": ["Infinity"] }""", "/observed/0")]
    [InlineData("controller", """{ "beta": 1, "target": 1, "horizon": 10, "observed": [1], "batchSize": 0 }""", "/batchSize")]
    [InlineData("controller", """{ "beta": 1, "target": 1, "horizon": 10, "observed": [1], "clip": 0 }""", "/clip")]
    [InlineData("best-of-n", """{ "n": 0 }""", "/n")]
    [InlineData("best-of-n", """{ "n": 2, "reference": [0.5, 0.5] }""", "/rewards")]
    [InlineData("best-of-n", """{ "n": 2, "rewards": [0.5, 0.5] }""", "/reference")]
    [InlineData("best-of-n", """{ "n": 2, "reference": [0.5, 0.6], "rewards": [0, 1] }""", "/reference")]
    public async Task Planning_InputThatIsNotValid_IsRefusedAtItsPointer(string path, string body, string pointer)
    {
        var answer = await Post(path, body);
        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Theory]
    [InlineData("budget", """{ "reference": [0.25, 0.25, 0.5], "rewards": [0, 1, 2], "beta": 1 }""")]
    [InlineData("mismatch", """{ "rollout": [-1, -1, -1], "trainer": [-1, -1, -1] }""")]
    [InlineData("controller", """{ "beta": 1, "target": 1, "horizon": 10, "observed": [1, 1, 1] }""")]
    [InlineData("best-of-n", """{ "n": 2, "reference": [0.25, 0.25, 0.5], "rewards": [0, 1, 2] }""")]
    public async Task Planning_TooLargeOrOfAnotherType_Is413Or415(string path, string body)
    {
        using var small = new Service().With("KlService:Limits:PolicyTokens", "2");
        Assert.Equal(413, (await small.CreateClient().PostJson("/v1/policies/" + path, body)).Status);
        Assert.Equal(415, (await _client.PostJson("/v1/policies/" + path, body, "text/plain")).Status);
        Assert.Equal(200, (await Post(path, body)).Status);
    }

    private Task<Answer> Post(string path, string body) => _client.PostJson("/v1/policies/" + path, body);
}
