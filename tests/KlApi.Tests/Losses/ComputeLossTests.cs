using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Losses;

public sealed class ComputeLossTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Compute_ReverseKl_AnswersValuesReductionsAndGradient()
    {
        var answer = await Post("""{ "teacher": [[0, 0], [0.6931471805599453, 0]], "student": [[0.6931471805599453, 0], [0, 0]], "loss": { "name": "reverse-kl" }, "gradient": true }""");
        Assert.Equal(200, answer.Status);
        // KL((2/3,1/3) || (1/2,1/2)) = ln 2 - H(1/3) and KL((1/2,1/2) || (2/3,1/3)) = ln 3 - 3/2 ln 2.
        double[] expected = [Math.Log(2) - Math.Log(3) + 2.0 / 3 * Math.Log(2), Math.Log(3) - 1.5 * Math.Log(2)];
        Assert.Equal(expected[0], Number(answer.Json["perPosition"]![0]), 1e-15);
        Assert.Equal(expected[1], Number(answer.Json["perPosition"]![1]), 1e-15);
        Assert.Equal(expected.Sum(), Number(answer.Json["reductions"]!["sum"]), 1e-15);
        Assert.Equal(expected.Sum() / 2, Number(answer.Json["reductions"]!["tokenMean"]), 1e-15);
        Assert.Equal(expected.Sum() / 2, Number(answer.Json["reductions"]!["batchMean"]), 1e-15);
        Assert.Equal(expected.Sum() / 4, Number(answer.Json["reductions"]!["elementMean"]), 1e-15);
        Assert.Equal(4, Number(answer.Json["divisors"]!["elementMean"]));
        // q_0 (ln(q_0/p_0) - KL), q_0 = 2/3.
        Assert.Equal(2.0 / 3 * (Math.Log(4.0 / 3) - expected[0]), Number(answer.Json["gradient"]![0]![0]), 1e-15);
        Assert.Equal(-Number(answer.Json["gradient"]![0]![0]), Number(answer.Json["gradient"]![0]![1]), 1e-15);
        Assert.Equal(("nats", "exact", 2, 2, 0, 0), ((string?)answer.Json["unit"], (string?)answer.Json["method"], (int)answer.Json["positions"]!, (int)answer.Json["counted"]!, (int)answer.Json["masked"]!, (int)answer.Json["infinite"]!));
        Assert.Contains(answer.Json["conventions"]!.AsArray(), note => ((string)note!).Contains("TRL GKD with beta = 1", StringComparison.Ordinal));
        Assert.Empty(answer.Json["warnings"]!.AsArray());
    }

    [Fact]
    public async Task Compute_WithoutGradient_LeavesItOut() =>
        Assert.Null((await Post("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "forward-kl" } }""")).Json["gradient"]);

    [Fact]
    public async Task Compute_ParametersLeftOut_AreEchoedWithTheirDefaults()
    {
        async Task<JsonNode> Echo(string loss) => (await Post($$"""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [1], "loss": {{loss}} }""")).Json["loss"]!;
        Assert.Equal(0.5, Number((await Echo("""{ "name": "jensen-shannon" }"""))["beta"]));
        Assert.Equal(0.1, Number((await Echo("""{ "name": "skew-forward" }"""))["lambda"]));
        Assert.Equal(0.1, Number((await Echo("""{ "name": "skew-reverse" }"""))["lambda"]));
        Assert.Equal(0.5, Number((await Echo("""{ "name": "adaptive" }"""))["mu"]));
        var decoupled = await Echo("""{ "name": "decoupled" }""");
        Assert.Equal((1, 0.5), (Number(decoupled["alpha"]), Number(decoupled["beta"])));
        Assert.Equal("none", (string?)(await Echo("""{ "name": "top-k", "k": 1 }"""))["tail"]);
    }

    [Fact]
    public async Task Compute_SequencesWithMaskedLabels_KeepTheirShape()
    {
        var answer = await Post("""
            { "teacher": [[[0, 1], [1, 1]], [[3, 0]]], "student": [[[1, 0], [0, 2]], [[0, 0]]], "labels": [[0, -100], [1]], "loss": { "name": "forward-kl" }, "gradient": true }
            """);
        Assert.Equal((3, 2, 1), ((int)answer.Json["positions"]!, (int)answer.Json["counted"]!, (int)answer.Json["masked"]!));
        Assert.Equal(0, Number(answer.Json["perPosition"]![1]));
        Assert.Equal(2, answer.Json["gradient"]![0]!.AsArray().Count);
        Assert.Equal(0, Number(answer.Json["gradient"]![0]![1]![0]));
        Assert.Single(answer.Json["gradient"]![1]!.AsArray());
        Assert.Equal(2, Number(answer.Json["divisors"]!["batchMean"]));
    }

    [Fact]
    public async Task Compute_Temperature_EntersByItsSquareOnlyWhenAskedOrDefined()
    {
        async Task<JsonNode> With(string loss, string more = "") => (await Post($$"""{ "teacher": [[0, 1, 3]], "student": [[1, 0, 0]], "labels": [1], "temperature": 2, "loss": { "name": "{{loss}}" }{{more}} }""")).Json;
        var (plain, scaled) = (await With("forward-kl"), await With("forward-kl", """, "scaleByTemperatureSquared": true"""));
        Assert.Equal(4 * Number(plain["reductions"]!["sum"]), Number(scaled["reductions"]!["sum"]), 1e-15);
        Assert.Equal((false, true), ((bool)plain["scaledByTemperatureSquared"]!, (bool)scaled["scaledByTemperatureSquared"]!));
        Assert.True((bool)(await With("decoupled"))["scaledByTemperatureSquared"]!);
        Assert.Single((await With("mean-squared-error"))["warnings"]!.AsArray());
    }

    [Fact]
    public async Task Compute_StudentMaskedWhereTheTeacherIsNot_IsInfinityWithoutGradient()
    {
        var answer = await Post("""{ "teacher": [[0, 1], [0, 0]], "student": [[0, "-Infinity"], [1, 0]], "loss": { "name": "forward-kl" }, "gradient": true }""");
        Assert.Equal("Infinity", (string?)answer.Json["perPosition"]![0]);
        Assert.Equal("Infinity", (string?)answer.Json["reductions"]!["tokenMean"]);
        Assert.Equal(1, (int)answer.Json["infinite"]!);
        Assert.Null(answer.Json["gradient"]![0]);
        Assert.Equal(2, answer.Json["gradient"]![1]!.AsArray().Count);
        Assert.Single(answer.Json["warnings"]!.AsArray());
    }

    [Theory]
    [InlineData(0, "forward-kl")]
    [InlineData(1, "reverse-kl")]
    public async Task Compute_JensenShannonAtItsEnds_WarnsOfTheDiscontinuity(int beta, string instead)
    {
        var answer = await Post($$"""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "jensen-shannon", "beta": {{beta}} } }""");
        Assert.Equal(0, Number(answer.Json["reductions"]!["sum"]));
        Assert.Contains(instead, (string?)Assert.Single(answer.Json["warnings"]!.AsArray()));
    }

    [Fact]
    public async Task Compute_TotalVariation_HasNoUnit() =>
        Assert.Null((await Post("""{ "teacher": [[0, 1]], "student": [[1, 0]], "unit": "bits", "loss": { "name": "total-variation" } }""")).Json["unit"]);

    [Theory]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/teacher")]
    [InlineData("""{ "teacher": [[0, 1]], "loss": { "name": "forward-kl" } }""", "/student")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]] }""", "/loss")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "kl" } }""", "/loss/name")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "jensen-shannon", "beta": 1.5 } }""", "/loss/beta")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "jensen-shannon", "lambda": 0.5 } }""", "/loss/lambda")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "skew-forward", "lambda": -1 } }""", "/loss/lambda")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "skew-reverse", "lambda": 2 } }""", "/loss/lambda")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "adaptive", "mu": 2 } }""", "/loss/mu")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [0], "loss": { "name": "decoupled", "alpha": -1 } }""", "/loss/alpha")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [0], "loss": { "name": "decoupled", "beta": -1 } }""", "/loss/beta")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "top-k" } }""", "/loss/k")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "top-k", "k": 0 } }""", "/loss/k")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "top-k", "k": 1, "tail": "all" } }""", "/loss/tail")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "cross-entropy" } }""", "/labels")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [2], "loss": { "name": "cross-entropy" } }""", "/labels/0")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [0.5], "loss": { "name": "cross-entropy" } }""", "/labels/0")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [[0]], "loss": { "name": "cross-entropy" } }""", "/labels")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "temperature": 0, "loss": { "name": "forward-kl" } }""", "/temperature")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0, 2]], "loss": { "name": "forward-kl" } }""", "/teacher/0")]
    [InlineData("""{ "teacher": [[0, 1], [1, 0]], "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/student")]
    [InlineData("""{ "teacher": [[[0, 1]]], "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/student")]
    [InlineData("""{ "teacher": [[0, "Infinity"]], "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/teacher/0/1")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [["-Infinity", "-Infinity"]], "loss": { "name": "forward-kl" } }""", "/student/0")]
    [InlineData("""{ "teacher": [[0, "NaN"]], "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/teacher/0/1")]
    [InlineData("""{ "teacher": [[[0, 1], [0, null]]], "student": [[[1, 0], [0, 0]]], "loss": { "name": "forward-kl" } }""", "/teacher/0/1/1")]
    [InlineData("""{ "teacher": [[0, 1], [[0, 1]]], "student": [[1, 0], [0, 1]], "loss": { "name": "forward-kl" } }""", "/teacher/1")]
    [InlineData("""{ "teacher": [0, 1], "student": [1, 0], "loss": { "name": "forward-kl" } }""", "/teacher/0")]
    [InlineData("""{ "teacher": 3, "student": [[1, 0]], "loss": { "name": "forward-kl" } }""", "/teacher")]
    [InlineData("""{ "teacher": [], "student": [], "loss": { "name": "forward-kl" } }""", "/student")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "forward-kl" }, "reduction": "mean" }""", "/reduction")]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "loss": { "name": "forward-kl" }, "unit": "dits" }""", "/unit")]
    public async Task Compute_InputThatIsNotValid_IsRefusedAtItsPointer(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Theory]
    [InlineData("""{ "teacher": [[0, 1]], "student": [[1, 0]], "labels": [-100], "loss": { "name": "forward-kl" } }""", "no-positions")]
    [InlineData("""{ "teacher": [[0, "-Infinity"]], "student": [[1, 0]], "labels": [0], "loss": { "name": "decoupled" } }""", "teacher-certain")]
    public async Task Compute_WhatIsNotDefined_Is422(string body, string code)
    {
        var answer = await Post(body);
        Assert.Equal((422, code), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Compute_TeacherKnownByItsTopTokens_GivesTheBucketWhatTheWholeTeacherWould()
    {
        // ln of 0.5, 0.25, 0.125, 0.125.
        const string Student = """ "student": [[0.5, 1.0, 0.0, 2.0]], "loss": { "name": "top-k", "k": 2, "tail": "bucket" }, "gradient": true }""";
        var whole = await Post($$"""{ "teacher": [[-1.3862943611198906, -2.0794415416798357, -0.6931471805599453, -2.0794415416798357]], {{Student}}""");
        var kept = await Post($$"""{ "teacherTopK": { "indices": [[2, 0]], "logProbabilities": [[-0.6931471805599453, -1.3862943611198906]] }, {{Student}}""");
        Assert.Equal(Number(whole.Json["reductions"]!["sum"]), Number(kept.Json["reductions"]!["sum"]), 1e-15);
        for (var j = 0; j < 4; j++) Assert.Equal(Number(whole.Json["gradient"]![0]![j]), Number(kept.Json["gradient"]![0]![j]), 1e-15);
        Assert.Contains("spread evenly", (string?)Assert.Single(kept.Json["warnings"]!.AsArray()));
        // Logits alone say nothing of the rest: the forward KL is then that of the teacher on the tokens kept.
        var logits = await Post("""{ "teacherTopK": { "indices": [[2, 0]], "logits": [[1, 1]] }, "student": [[0, 0, 0, 0]], "loss": { "name": "forward-kl" } }""");
        Assert.Equal(Math.Log(2), Number(logits.Json["reductions"]!["sum"]), 1e-15);
    }

    [Theory]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacher": [[0, 1]], "teacherTopK": { "indices": [[0]], "logits": [[1]] } }""", "/teacherTopK")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]] } }""", "/teacherTopK/logits")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]], "logits": [[1]], "logProbabilities": [[0]] } }""", "/teacherTopK/logits")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0], [1]], "logits": [[1], [2]] } }""", "/teacherTopK/indices")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]], "logits": [[1], [2]] } }""", "/teacherTopK/logits")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]], "logits": [[1, 2]] } }""", "/teacherTopK/logits/0")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0, 2]], "logits": [[1, 2]] } }""", "/teacherTopK/indices/0/1")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[1, 1]], "logits": [[1, 2]] } }""", "/teacherTopK/indices/0/1")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[]], "logits": [[]] } }""", "/teacherTopK/indices/0")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]], "logits": [["Infinity"]] } }""", "/teacherTopK/logits/0/0")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]], "logits": [["-Infinity"]] } }""", "/teacherTopK/logits/0")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0]], "logProbabilities": [[0.1]] } }""", "/teacherTopK/logProbabilities/0/0")]
    [InlineData("""{ "student": [[1, 0]], "loss": { "name": "forward-kl" }, "teacherTopK": { "indices": [[0, 1]], "logProbabilities": [[-0.1, -0.1]] } }""", "/teacherTopK/logProbabilities/0")]
    public async Task Compute_TopTokensThatAreNotValid_AreRefusedAtTheirPointer(string body, string pointer)
    {
        var answer = await Post(body);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.ErrorAt(pointer) is not null, answer.Text);
    }

    [Fact]
    public async Task Compute_TeacherWithAnotherVocabulary_IsForUldOnly()
    {
        const string Sides = """ "teacher": [["-Infinity", 0, 0]], "student": [[0, 0]], "gradient": true """;
        var answer = await Post($$"""{ {{Sides}}, "loss": { "name": "uld" } }""");
        Assert.Equal(0, Number(answer.Json["reductions"]!["sum"]), 1e-15);
        Assert.Equal(2, answer.Json["gradient"]![0]!.AsArray().Count);
        Assert.NotNull((await Post($$"""{ {{Sides}}, "loss": { "name": "forward-kl" } }""")).ErrorAt("/teacher/0"));
    }

    [Fact]
    public async Task Compute_SeveralFailures_AreAllNamed()
    {
        var answer = await Post("""{ "teacher": [["Infinity", 1]], "student": [[1, 0]], "temperature": 0, "labels": [7], "loss": { "name": "jensen-shannon", "beta": 3 } }""");
        Assert.NotNull(answer.ErrorAt("/temperature"));
        Assert.NotNull(answer.ErrorAt("/loss/beta"));
        Assert.NotNull(answer.ErrorAt("/labels/0"));
    }

    [Fact]
    public async Task Compute_VocabularyOverTheLimit_Is413()
    {
        using var small = new Service().With("KlService:Limits:Categories", "3");
        var answer = await small.CreateClient().PostJson("/v1/losses", """{ "teacher": [[1,0,0,0]], "student": [[1,0,0,0]], "loss": { "name": "forward-kl" } }""");
        Assert.Equal((413, "too-large"), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task Compute_JsonAsText_Is415() =>
        Assert.Equal(415, (await _client.PostJson("/v1/losses", """{ "teacher": [[1]], "student": [[1]], "loss": { "name": "forward-kl" } }""", "text/plain")).Status);

    [Fact]
    public async Task List_Names_EveryLossWithFormulaGradientAndSource()
    {
        var losses = (await _client.Fetch("/v1/losses")).Json["data"]!.AsArray();
        Assert.Equal(
            ["forward-kl", "reverse-kl", "jensen-shannon", "jeffreys", "skew-forward", "skew-reverse", "total-variation", "adaptive", "cross-entropy", "soft-cross-entropy", "decoupled", "top-k", "mean-squared-error", "distillm-symmetric", "taid", "uld"],
            losses.Select(loss => (string?)loss!["name"]));
        string[] fields = ["formula", "gradient", "range", "summary", "source"];
        Assert.All(losses, loss => Assert.All(fields, field => Assert.True(((string)loss![field]!).Length > 2)));
        Assert.Equal("at least 0 and at most 1", (string?)losses[2]!["parameters"]![0]!["bounds"]);
    }

    private Task<Answer> Post(string json) => _client.PostJson("/v1/losses", json);

    private static double Number(JsonNode? node) => node!.GetValue<double>();
}
