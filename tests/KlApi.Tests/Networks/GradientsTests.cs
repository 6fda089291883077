using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Networks;

public sealed class GradientsTests(Service service) : IClassFixture<Service>
{
    private const string Article = """[ { "weights": [[1, 2], [3, 4]], "bias": [5, 6], "activation": "linear" } ]""";

    private readonly HttpClient _client = service.CreateClient();

    /// <summary>y = W x + b = (10, 17); L = (100 + 289)/2; dL/dy = y; dL/dW = y x^T; dL/dx = W^T y.</summary>
    [Fact]
    public async Task Gradients_OfTheMeanSquare_AreThoseByHand()
    {
        var answer = await Post($$"""{ "layers": {{Article}}, "inputs": [1, 2], "loss": "mean-square", "learningRate": 0.01 }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(194.5, Number(answer.Json["loss"]));
        Assert.Equal("""[{"preActivations":[[10,17]],"activations":[[10,17]],"deltas":[[10,17]]}]""", answer.Json["layers"]!.ToJsonString());
        Assert.Equal("""[{"weights":[[10,20],[17,34]],"bias":[10,17]}]""", answer.Json["gradients"]!.ToJsonString());
        Assert.Equal("[[61,88]]", answer.Json["inputGradients"]!.ToJsonString());
        Assert.Equal("""[{"weights":[[0.9,1.8],[2.83,3.66]],"bias":[4.9,5.83],"activation":"linear"}]""", answer.Json["updatedLayers"]!.ToJsonString());
        Assert.Null(answer.Json["unit"]);
        Assert.Equal("mean over the outputs and the rows", (string?)answer.Json["reduction"]);
        Assert.Empty(answer.Json["warnings"]!.AsArray());
    }

    /// <summary>The article's thousand steps of rate 0.01, W beside NumPy's every hundred.</summary>
    [Fact]
    public async Task UpdatedLayers_SentAgainAThousandTimes_GoWhereNumPyGoes()
    {
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("tests", "KlCore.Tests", "Reference", "networks.json")))!["descent"]!.AsArray();
        var layers = Article;
        for (var step = 1; step <= 1000; step++)
        {
            var answer = (await Post($$"""{ "layers": {{layers}}, "inputs": [1, 2], "loss": "mean-square", "learningRate": 0.01 }""")).Json;
            layers = answer["updatedLayers"]!.ToJsonString();
            if (step % 100 != 0) continue;
            var (expected, found) = (golden[step / 100 - 1]!, answer["updatedLayers"]![0]!);
            Assert.Equal(step, (int)expected["step"]!);
            for (var j = 0; j < 2; j++)
            {
                Assert.Equal(Number(expected["bias"]![j]), Number(found["bias"]![j]), 1e-13);
                for (var k = 0; k < 2; k++) Assert.Equal(Number(expected["weights"]![j]![k]), Number(found["weights"]![j]![k]), 1e-13);
            }
        }

        // The end of the road: W - (W x + b) x^T / (|x|^2 + 1).
        Assert.Equal([1 - 10.0 / 6, 2 - 20.0 / 6, 3 - 17.0 / 6, 4 - 34.0 / 6], JsonNode.Parse(layers)![0]!["weights"]!.AsArray().SelectMany(row => row!.AsArray().Select(Number)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <summary>Every activation under every loss through HTTP, by central differences of the loss that the service itself answers.</summary>
    [Theory]
    [InlineData("linear")]
    [InlineData("relu")]
    [InlineData("leaky-relu")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("silu")]
    [InlineData("softplus")]
    [InlineData("softmax")]
    public async Task Gradients_OfEveryLoss_AreCentralDifferences(string activation)
    {
        foreach (var loss in (string[])["cross-entropy", "forward-kl", "reverse-kl", "jensen-shannon", "mean-squared-error", "mean-square"])
        {
            string Body(double weight, double input) => FormattableString.Invariant(
                $$"""{ "layers": [ { "weights": [[0.4, {{weight}}], [-0.7, 0.9]], "bias": [0.1, -0.2], "activation": "{{activation}}" }, { "weights": [[1.1, -0.6], [0.3, 0.8]], "bias": [0, 0.2], "activation": "softmax" } ], "inputs": [[0.6, {{input}}], [-0.9, 1.4]], "targets": [[0.3, 0.7], [0.8, 0.2]], "loss": "{{loss}}" }""");
            async Task<double> Loss(double weight, double input) => Number((await Post(Body(weight, input))).Json["loss"]);
            const double Step = 1e-5;
            var answer = await Post(Body(-0.5, -1.3));
            Assert.True(answer.Status == 200, answer.Text);
            Assert.Equal((await Loss(-0.5 + Step, -1.3) - await Loss(-0.5 - Step, -1.3)) / (2 * Step), Number(answer.Json["gradients"]![0]!["weights"]![0]![1]), 1e-9);
            Assert.Equal((await Loss(-0.5, -1.3 + Step) - await Loss(-0.5, -1.3 - Step)) / (2 * Step), Number(answer.Json["inputGradients"]![0]![1]), 1e-9);
        }
    }

    [Fact]
    public async Task Gradients_OfSaturatedLogits_LoseNothing()
    {
        var answer = await Post("""{ "layers": [ { "weights": [[800], [-800]], "bias": [0, 0], "activation": "softmax" } ], "inputs": [1], "targets": [1], "loss": "cross-entropy" }""");
        Assert.Equal(1600, Number(answer.Json["loss"]));
        Assert.Equal("[[1,-1]]", answer.Json["layers"]![0]!["deltas"]!.ToJsonString());
        var right = await Post("""{ "layers": [ { "weights": [[30], [-30]], "bias": [0, 0], "activation": "softmax" } ], "inputs": [1], "targets": [0], "loss": "cross-entropy" }""");
        // ln(1 + e^-60) and its derivative, which a softmax rounded to 1 would make 0.
        Assert.Equal(Math.Exp(-60), Number(right.Json["loss"]), 1e-40);
        Assert.Equal(-Math.Exp(-60), Number(right.Json["layers"]![0]!["deltas"]![0]![0]), 1e-40);
    }

    [Fact]
    public async Task Gradients_InBits_AreThoseInNatsOverLn2()
    {
        async Task<JsonNode> In(string unit) => (await Post($$"""{ "layers": [ { "weights": [[1], [0.5]], "bias": [0, 0], "activation": "softmax" } ], "inputs": [2], "targets": [0.25, 0.75], "loss": "forward-kl", "unit": "{{unit}}" }""")).Json;
        var (nats, bits) = (await In("nats"), await In("bits"));
        Assert.Equal(("nats", "bits"), ((string?)nats["unit"], (string?)bits["unit"]));
        Assert.Equal(Number(nats["loss"]) / Math.Log(2), Number(bits["loss"]), 1e-15);
        Assert.Equal(Number(nats["inputGradients"]![0]![0]) / Math.Log(2), Number(bits["inputGradients"]![0]![0]), 1e-15);
    }

    [Theory]
    [InlineData("softmax", "[[0.5, 0.5]]", "probabilities")]
    [InlineData("linear", "[[0.5, 0.5]]", "logits")]
    [InlineData("sigmoid", "[[0.5, 1]]", "bernoulli")]
    public async Task Gradients_OfADivergence_SayHowTheOutputsAreRead(string last, string targets, string reading)
    {
        var answer = await Post($$"""{ "layers": [ { "weights": [[1], [0.5]], "activation": "{{last}}" } ], "inputs": [2], "targets": {{targets}}, "loss": "cross-entropy" }""");
        Assert.Equal(reading, (string?)answer.Json["outputsReadAs"]);
    }

    /// <summary>-t ln s - (1 - t) ln(1 - s), the mean over two outputs.</summary>
    [Fact]
    public async Task Gradients_OfSigmoids_AreOfTheBinaryCrossEntropy()
    {
        var answer = await Post("""{ "layers": [ { "weights": [[1], [-1]], "activation": "sigmoid" } ], "inputs": [[2]], "targets": [[1, 0.25]], "loss": "cross-entropy" }""");
        var (s, r) = (1 / (1 + Math.Exp(-2)), 1 / (1 + Math.Exp(2)));
        Assert.Equal((-Math.Log(s) - 0.25 * Math.Log(r) - 0.75 * Math.Log(1 - r)) / 2, Number(answer.Json["loss"]), 1e-15);
        Assert.Equal((s - 1) / 2, Number(answer.Json["layers"]![0]!["deltas"]![0]![0]), 1e-16);
        Assert.Equal((r - 0.25) / 2, Number(answer.Json["layers"]![0]!["deltas"]![0]![1]), 1e-16);
    }

    [Fact]
    public async Task Gradients_OfOneOutput_TakePlainTargets()
    {
        const string Rest = """ "layers": [ { "weights": [[1, 1]], "bias": [0] } ], "inputs": [[1, 2], [3, 4]], "loss": "mean-squared-error" """;
        Assert.Equal(Number((await Post($$"""{ {{Rest}}, "targets": [[2], [5]] }""")).Json["loss"]), Number((await Post($$"""{ {{Rest}}, "targets": [2, 5] }""")).Json["loss"]));
        Assert.Equal(2.5, Number((await Post($$"""{ {{Rest}}, "targets": [2, 5] }""")).Json["loss"]));
    }

    [Fact]
    public async Task Gradients_OfAnInfiniteDivergence_AreNull()
    {
        var answer = await Post("""{ "layers": [ { "weights": [[1], [0]], "activation": "softmax" } ], "inputs": [1], "targets": [1, 0], "loss": "reverse-kl", "learningRate": 1 }""");
        Assert.Equal((200, "Infinity"), (answer.Status, (string?)answer.Json["loss"]));
        Assert.Null(answer.Json["gradients"]);
        Assert.Null(answer.Json["inputGradients"]);
        Assert.Null(answer.Json["layers"]![0]!["deltas"]);
        Assert.Contains("row 0", (string?)answer.Json["warnings"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gradients_OfMeanSquareWithTargets_WarnThatTheyAreNotLookedAt() =>
        Assert.Contains("mean-squared-error", (string?)(await Post($$"""{ "layers": {{Article}}, "inputs": [1, 2], "targets": [[0, 0]], "loss": "mean-square" }""")).Json["warnings"]![0], StringComparison.Ordinal);

    [Theory]
    [InlineData("\"softmax\"", "\"relu\"", "/layers/0/activation")]
    [InlineData("\"cross-entropy\"", "\"entropy\"", "/loss")]
    [InlineData("\"targets\": [0, 1], ", "", "/targets")]
    [InlineData("[0, 1]", "[0]", "/targets")]
    [InlineData("[0, 1]", "[0, 2]", "/targets/1")]
    [InlineData("[0, 1]", "[0.5, 1]", "/targets/0")]
    [InlineData("[0, 1]", "[0, -1]", "/targets/1")]
    [InlineData("[0, 1]", "[[0, 1]]", "/targets")]
    [InlineData("[0, 1]", "[[0, 1], [0.5, 0.6]]", "/targets/1")]
    [InlineData("[0, 1]", "[[0, 1], [1.5, -0.5]]", "/targets/1/1")]
    [InlineData("[0, 1]", "[[0, 1], [1]]", "/targets/1")]
    [InlineData("[0, 1]", "[[0, 1], [\"Infinity\", 0]]", "/targets/1/0")]
    [InlineData("[0, 1]", "[[0, 1], 1]", "/targets/1")]
    [InlineData("\"learningRate\": 0.1", "\"learningRate\": 0", "/learningRate")]
    [InlineData("\"learningRate\": 0.1", "\"learningRate\": \"Infinity\"", "/learningRate")]
    [InlineData("\"learningRate\": 0.1", "\"rate\": 1", "/rate")]
    public async Task Gradients_WhatDoesNotFit_IsRefusedAtItsPointer(string right, string wrong, string pointer)
    {
        const string Body = """{ "layers": [ { "weights": [[1], [2]], "bias": [0, 0], "activation": "softmax" } ], "inputs": [[1], [2]], "targets": [0, 1], "loss": "cross-entropy", "learningRate": 0.1 }""";
        Assert.Equal(200, (await Post(Body)).Status);
        Assert.Contains(right, Body, StringComparison.Ordinal);
        var answer = await Post(Body.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Gradients_OfSigmoidsWithTargetsBeyondOne_AreRefused() =>
        Assert.NotNull((await Post("""{ "layers": [ { "weights": [[1]], "activation": "sigmoid" } ], "inputs": [[1]], "targets": [[1.5]], "loss": "forward-kl" }""")).ErrorAt("/targets/0/0"));

    [Fact]
    public async Task Gradients_NumbersTooLarge_Are422() =>
        Assert.Equal((422, "overflow"), await Code("""{ "layers": [ { "weights": [[1e300], [-1e300]], "activation": "softmax" } ], "inputs": [1e10], "targets": [0], "loss": "cross-entropy" }"""));

    [Fact]
    public async Task Gradients_OfTooMuch_Are413()
    {
        using var small = new Service().With("KlService:Limits:NetworkMultiplications", "11");
        var answer = await small.CreateClient().PostJson("/v1/networks/gradients", $$"""{ "layers": {{Article}}, "inputs": [1, 2], "loss": "mean-square" }""");
        Assert.Equal((413, "too-costly"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Gradients_JsonAsText_Is415() =>
        Assert.Equal(415, (await _client.PostJson("/v1/networks/gradients", $$"""{ "layers": {{Article}}, "inputs": [1, 2], "loss": "mean-square" }""", "text/plain")).Status);

    private async Task<(int, string?)> Code(string body) => await Post(body) is var answer ? (answer.Status, (string?)answer.Json["code"]) : default;

    private Task<Answer> Post(string json) => _client.PostJson("/v1/networks/gradients", json);

    private static double Number(JsonNode? node) => node!.GetValue<double>();
}
