using KlApi.Tests.Host;

namespace KlApi.Tests.Networks;

public sealed class ForwardTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    /// <summary>relu([[.5, -.5], [.5, .5]] [1, 0] + [.5, -.5]) = [1, 0].</summary>
    [Theory]
    [InlineData("[1, 0]")]
    [InlineData("[[1, 0]]")]
    public async Task Forward_OfOneRectifiedLayer_IsTheArticles(string inputs)
    {
        var answer = await Post($$"""{ "layers": [ { "weights": [[0.5, -0.5], [0.5, 0.5]], "bias": [0.5, -0.5], "activation": "relu" } ], "inputs": {{inputs}} }""");
        Assert.Equal(200, answer.Status);
        Assert.Equal("[[1,0]]", answer.Json["outputs"]!.ToJsonString());
        Assert.Equal("""[{"preActivations":[[1,0]],"activations":[[1,0]]}]""", answer.Json["layers"]!.ToJsonString());
        Assert.Equal("exact", (string?)answer.Json["method"]);
    }

    [Fact]
    public async Task Forward_OfTwoLayers_ShowsEachOfThem()
    {
        var answer = await Post("""
            { "layers": [ { "weights": [[1, 1], [1, -1], [0, 2]], "bias": [0, 0, -5], "activation": "relu" }, { "weights": [[1, 2, 3]], "bias": [0.5] } ], "inputs": [[1, 2], [3, 1]] }
            """);
        Assert.Equal("[[3.5],[8.5]]", answer.Json["outputs"]!.ToJsonString());
        Assert.Equal("[[3,-1,-1],[4,2,-3]]", answer.Json["layers"]![0]!["preActivations"]!.ToJsonString());
        Assert.Equal("[[3,0,0],[4,2,0]]", answer.Json["layers"]![0]!["activations"]!.ToJsonString());
        Assert.Equal("[[3.5],[8.5]]", answer.Json["layers"]![1]!["preActivations"]!.ToJsonString());
    }

    [Fact]
    public async Task Forward_WithoutBiasOrActivation_IsTheProduct() =>
        Assert.Equal("[[11]]", (await Post("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [3, 4] }""")).Json["outputs"]!.ToJsonString());

    [Fact]
    public async Task Forward_LeakyRelu_HasTheSlopeThatIsGiven()
    {
        Assert.Equal(-0.02, await Single("leaky-relu", -2), 1e-17);
        Assert.Equal("[[-0.5]]", (await Post("""{ "layers": [ { "weights": [[1]], "activation": "leaky-relu", "negativeSlope": 0.25 } ], "inputs": [-2] }""")).Json["outputs"]!.ToJsonString());
    }

    /// <summary>The exact form has -0.15865525393145707 at -1 (mpmath); its approximation by tanh -0.15880800939172324.</summary>
    [Fact]
    public async Task Forward_Gelu_IsTheExactForm() => Assert.Equal(-0.15865525393145707, await Single("gelu", -1), 1e-16);

    [Fact]
    public async Task Forward_SoftmaxOfLogitsFarApart_IsAnswered() =>
        Assert.Equal("[[1,0]]", (await Post("""{ "layers": [ { "weights": [[800], [-800]], "activation": "softmax" } ], "inputs": [1] }""")).Json["outputs"]!.ToJsonString());

    [Fact]
    public async Task Forward_NumbersTooLarge_AreInfiniteOrRefused()
    {
        const string Large = """ "layers": [ { "weights": [[1e300], [-1e300]] }""";
        Assert.Equal("""[["Infinity","-Infinity"]]""", (await Post($$"""{ {{Large}} ], "inputs": [1e10] }""")).Json["outputs"]!.ToJsonString());
        var answer = await Post($$"""{ {{Large}}, { "weights": [[1, 1]] } ], "inputs": [1e10] }""");
        Assert.Equal((422, "overflow"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Contains("Unit 0 of layer 1", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "layers": [], "inputs": [1] }""", "/layers")]
    [InlineData("""{ "layers": [ { "weights": [] } ], "inputs": [1] }""", "/layers/0/weights")]
    [InlineData("""{ "layers": [ { "weights": [[]] } ], "inputs": [1] }""", "/layers/0/weights/0")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2], [3]] } ], "inputs": [1, 2] }""", "/layers/0/weights/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, "x"]] } ], "inputs": [1, 2] }""", "/layers/0/weights/0/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, "Infinity"]] } ], "inputs": [1, 2] }""", "/layers/0/weights/0/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]], "bias": [1, 2] } ], "inputs": [1, 2] }""", "/layers/0/bias")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]], "bias": ["-Infinity"] } ], "inputs": [1, 2] }""", "/layers/0/bias/0")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]], "activation": "swish" } ], "inputs": [1, 2] }""", "/layers/0/activation")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]], "activation": "relu", "negativeSlope": 0.1 } ], "inputs": [1, 2] }""", "/layers/0/negativeSlope")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] }, { "weights": [[1, 2]] } ], "inputs": [1, 2] }""", "/layers/1/weights/0")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]], "units": 3 } ], "inputs": [1, 2] }""", "/layers/0/units")]
    [InlineData("""{ "layers": [ { "bias": [1] } ], "inputs": [1, 2] }""", "/layers/0/weights")]
    [InlineData("""{ "layers": [ null ], "inputs": [1, 2] }""", "/layers/0")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [1] }""", "/inputs")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [[1, 2], [1]] }""", "/inputs/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [[1, "Infinity"]] }""", "/inputs/0/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [[1, null]] }""", "/inputs/0/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [[1, 2], 3] }""", "/inputs/1")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": [] }""", "/inputs")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ], "inputs": 1 }""", "/inputs")]
    [InlineData("""{ "layers": [ { "weights": [[1, 2]] } ] }""", "/inputs")]
    public async Task Forward_WhatDoesNotFit_IsRefusedAtItsPointer(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Forward_SeveralFailures_AreAllNamedWithTheirSizes()
    {
        var answer = await Post("""
            { "layers": [ { "weights": [[1, 2], [3, 4], [5, 6]], "bias": [0] }, { "weights": [[1, 2], [3, 4, 5]] } ], "inputs": [[1, 2, 3], [1, 2]] }
            """);
        Assert.Equal("must have 3 numbers, one for each row of weights, had 1", answer.ErrorAt("/layers/0/bias"));
        Assert.Equal("must have 3 numbers, one for each output of the layer before, had 2", answer.ErrorAt("/layers/1/weights/0"));
        Assert.Equal("must have 2 numbers, one for each column of the first layer's weights, had 3", answer.ErrorAt("/inputs/0"));
        Assert.Equal(3, answer.Json["errors"]!.AsObject().Count);
    }

    [Theory]
    [InlineData("NetworkMultiplications", "3")]
    [InlineData("NetworkNumbers", "3")]
    public async Task Forward_OfTooMuch_Is413AndNamesTheJob(string limit, string value)
    {
        using var small = new Service().With($"KlService:Limits:{limit}", value);
        var answer = await small.CreateClient().PostJson("/v1/networks/forward", """{ "layers": [ { "weights": [[1, 2], [3, 4]] } ], "inputs": [1, 2] }""");
        Assert.Equal((413, "too-costly"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Contains("classifier", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_JsonAsText_Is415() =>
        Assert.Equal(415, (await _client.PostJson("/v1/networks/forward", """{ "layers": [ { "weights": [[1]] } ], "inputs": [1] }""", "text/plain")).Status);

    [Fact]
    public async Task List_Names_EveryActivationAndLoss()
    {
        var functions = (await _client.Fetch("/v1/networks")).Json;
        Assert.Equal(["linear", "relu", "leaky-relu", "sigmoid", "tanh", "gelu", "silu", "softplus", "softmax"], functions["activations"]!.AsArray().Select(entry => (string?)entry!["activation"]));
        Assert.Equal(["cross-entropy", "forward-kl", "reverse-kl", "jensen-shannon", "mean-squared-error", "mean-square"], functions["losses"]!.AsArray().Select(entry => (string?)entry!["loss"]));
        Assert.Equal(["linear", "sigmoid", "softmax"], functions["losses"]![0]!["lastActivations"]!.AsObject().Select(entry => entry.Key).Order());
        Assert.All(functions["activations"]!.AsArray(), entry => Assert.All((string[])["formula", "derivative", "range", "conventions"], field => Assert.NotEmpty((string)entry![field]!)));
    }

    private async Task<double> Single(string activation, double z) =>
        (await Post($$"""{ "layers": [ { "weights": [[1]], "activation": "{{activation}}" } ], "inputs": [{{z}}] }""")).Json["outputs"]![0]![0]!.GetValue<double>();

    private Task<Answer> Post(string json) => _client.PostJson("/v1/networks/forward", json);
}
