using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.Classifier;

namespace KlCore.Tests.Training.Supervised;

public class ClassifierTests
{
    [Theory]
    [InlineData("\"epochs\": 12")]
    [InlineData("\"epochs\": 12, \"loss\": \"sparse-categorical-cross-entropy\", \"labelSmoothing\": 0.1, \"classWeights\": \"balanced\"")]
    [InlineData("\"epochs\": 12, \"scaling\": \"minimum-maximum\", \"stratified\": false, \"classWeights\": [1, 2, 1]")]
    [InlineData("\"epochs\": 12, \"clipNorm\": 1, \"l2\": 0.001, \"l1\": 0.0001")]
    public void Classifier_OnClassesThatAreApart_TellsThem(string more)
    {
        var result = new Blobs().Run<ClassifierResult>(Blobs.Job(more));
        Assert.True(result.Accuracy >= 0.9, $"{result.Accuracy}");
        Assert.Equal((96, 24), (result.Examples.Training, result.Examples.Validation));
        Assert.Equal(result.Examples.Validation, result.ConfusionMatrix.Sum(row => row.Sum()));
        Assert.Equal(3 * 16 + 16 + 16 * 3 + 3, result.Parameters);
        Assert.All(result.History.Values, values => Assert.Equal(12, values.Length));
        Assert.InRange(result.AccuracyInterval[0], 0, result.Accuracy);
        Assert.InRange(result.AccuracyInterval[1], result.Accuracy, 1);
        Assert.True(result.Balance.Forward.Value >= 0);
    }

    [Fact]
    public void History_AtTheEnd_AgreesWithTheResult()
    {
        var result = new Blobs(spread: 1.5).Run<ClassifierResult>(Blobs.Job());
        Assert.Equal(result.History["validationLoss"][^1], result.CrossEntropy.Value, 5);
        Assert.Equal(result.History["validationAccuracy"][^1], result.Accuracy, 12);
        Assert.Equal(result.History["validationLoss"].Min(), result.History["validationLoss"][result.BestEpoch - 1]);
        // One bin's share of mistakes cannot be further off than the whole is.
        Assert.Equal(result.Calibration.Bins.Sum(bin => bin.Count), result.Examples.Validation);
        Assert.Equal(result.Accuracy, result.Calibration.Bins.Sum(bin => bin.Count * bin.Accuracy) / result.Examples.Validation, 12);
    }

    [Fact]
    public void Confusion_PrecisionRecallAndF1_FollowFromItsCounts()
    {
        var result = new Blobs(spread: 2.5).Run<ClassifierResult>(Blobs.Job());
        var matrix = result.ConfusionMatrix;
        for (var k = 0; k < 3; k++)
        {
            var (right, taken, of) = ((double)matrix[k][k], matrix[0][k] + matrix[1][k] + matrix[2][k], matrix[k].Sum());
            Assert.Equal(of, result.PerClass[k].Examples);
            Assert.Equal(right / taken, result.PerClass[k].Precision!.Value, 12);
            Assert.Equal(right / of, result.PerClass[k].Recall!.Value, 12);
            Assert.Equal(2 / (taken / right + of / right), result.PerClass[k].F1!.Value, 12);
        }
    }

    [Fact]
    public void LabelsAsNames_AreNumberedByTheAlphabet_AndAnsweredByName()
    {
        var inputs = new Blobs(areNames: true);
        var outcome = Blobs.Finish(inputs.Start(Blobs.Job()));
        var result = (ClassifierResult)outcome.Result;
        Assert.Equal(["cat", "dog", "owl"], result.Classes);
        var numbered = new Blobs().Run<ClassifierResult>(Blobs.Job());
        Assert.Equal([0, 1, 2], numbered.Classes);
        Assert.Equal(numbered.CrossEntropy, result.CrossEntropy);
        var answer = Ask(inputs, outcome, """{ "inputs": [[100, 100, 105], [103, 100, 105], [100, 103, 105]] }""");
        Assert.Equal(["cat", "dog", "owl"], answer.Classes);
        Assert.All(answer.Probabilities, row => Assert.Equal(1, row.Sum(), 12));
    }

    [Fact]
    public void Predict_OfTheDatasetItself_AnswersAsTheReportCounted()
    {
        var inputs = new Blobs(spread: 1.5);
        var outcome = Blobs.Finish(inputs.Start(Blobs.Job("\"epochs\": 5, \"validationFraction\": 0")));
        var answer = Ask(inputs, outcome, """{ "dataset": "blobs" }""");
        var right = answer.Classes.Index().Count(row => (int)row.Item == row.Index % 3);
        Assert.Equal(((ClassifierResult)outcome.Result).Accuracy, right / 120.0, 12);
        Assert.Equal("training", ((ClassifierResult)outcome.Result).JudgedOn);
    }

    [Fact]
    public void BinaryCrossEntropy_OfOneSigmoid_TellsTwoClasses()
    {
        string[] rows = [.. Enumerable.Range(0, 40).Select(i => $"[{i % 2 * 2 - 1 + i / 100.0}]")];
        var data = $$"""{ "inputs": [{{string.Join(", ", rows)}}], "labels": [{{string.Join(", ", Enumerable.Range(0, 40).Select(i => i % 2))}}] }""";
        var inputs = new Blobs();
        var outcome = Blobs.Finish(inputs.Start(Blobs.Job("\"epochs\": 20, \"loss\": \"binary-cross-entropy\", \"classWeights\": [1, 1]", """[ { "units": 1, "activation": "sigmoid" } ]""", data)));
        Assert.Equal(1, ((ClassifierResult)outcome.Result).Accuracy);
        var answer = Ask(inputs, outcome, """{ "inputs": [-2, 2] }""");
        Assert.Equal([0, 1], answer.Classes);
        Assert.True(answer.Probabilities[0][0] > 0.9 && answer.Probabilities[1][1] > 0.9);
    }

    [Fact]
    public void EarlyStopping_OnWhatCannotBeLearnt_StopsAndRestoresTheBestEpoch()
    {
        var inputs = new Blobs(60, spread: 40);
        const string More = "\"epochs\": 200, \"earlyStopping\": { \"patience\": 3, \"restoreBest\": true }";
        var result = inputs.Run<ClassifierResult>(Blobs.Job(More));
        Assert.True(result.StoppedEarly && result.RestoredBest && result.Epochs < 200);
        Assert.Equal(result.BestEpoch + 3, result.Epochs);
        Assert.Equal(result.History["validationLoss"][result.BestEpoch - 1], result.CrossEntropy.Value, 4);
    }

    /// <summary>The header of a safetensors file as Python's package reads it, and the numbers where torch.nn.Linear has them.</summary>
    [Fact]
    public void Model_AsAFile_HasTheLayersAsTorchHasThem()
    {
        var inputs = new Blobs();
        var outcome = Blobs.Finish(inputs.Start(Blobs.Job()));
        var file = outcome.Artifacts.Single(artifact => artifact.Name == "model.safetensors").Content;
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.Span);
        using var header = JsonDocument.Parse(Encoding.UTF8.GetString(file.Span.Slice(8, length)));
        foreach (var (name, shape) in new[] { ("0.weights", new[] { 16, 3 }), ("0.bias", [16]), ("1.weights", [3, 16]), ("1.bias", [3]) })
        {
            var tensor = header.RootElement.GetProperty(name);
            Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
            Assert.Equal(shape, tensor.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
        }

        double At(string name, int index) =>
            BinaryPrimitives.ReadSingleLittleEndian(file.Span[(8 + length + header.RootElement.GetProperty(name).GetProperty("data_offsets")[0].GetInt32() + 4 * index)..]);
        using var scaling = JsonDocument.Parse(header.RootElement.GetProperty("__metadata__").GetProperty("scaling").GetString()!);
        double[] row = [101, 99, 104.5];
        double[] x = [.. row.Select((value, i) => (value - scaling.RootElement.GetProperty("shift")[i].GetDouble()) / scaling.RootElement.GetProperty("scale")[i].GetDouble())];
        double[] hidden = [.. Enumerable.Range(0, 16).Select(j => Math.Max(0, At("0.bias", j) + x.Select((value, i) => value * At("0.weights", 3 * j + i)).Sum()))];
        double[] logits = [.. Enumerable.Range(0, 3).Select(k => At("1.bias", k) + hidden.Select((value, j) => value * At("1.weights", 16 * k + j)).Sum())];
        var total = logits.Sum(Math.Exp);
        var answer = Ask(inputs, outcome, """{ "inputs": [[101, 99, 104.5]] }""").Probabilities[0];
        for (var k = 0; k < 3; k++) Assert.Equal(Math.Exp(logits[k]) / total, answer[k], 5);
    }

    [Theory]
    [InlineData("""{ "documents": ["a text"] }""", "/documents")]
    [InlineData("""{ "inputs": [[1, 2]] }""", "/inputs/0")]
    [InlineData("""{ "inputs": [] }""", "/inputs")]
    public void Predict_OfAnotherShape_SaysWhere(string request, string pointer)
    {
        var inputs = new Blobs();
        var outcome = Blobs.Finish(inputs.Start(Blobs.Job("\"epochs\": 1")));
        Assert.Contains(pointer, Assert.Throws<InvalidInputException>(() => Ask(inputs, outcome, request)).Problems.ByPointer().Keys);
    }

    [Theory]
    [InlineData("sgd", 1000)]
    [InlineData("adam", 1000)]
    public void LearningRate_FarTooLarge_Diverges(string name, double rate)
    {
        var json = Blobs.Job("\"epochs\": 40, \"scaling\": \"none\"", """[ { "units": 16 }, { "units": 16 }, { "units": 16 }, { "units": 3, "activation": "softmax" } ]""")
            .Replace("\"adam\", \"learningRate\": 0.02", $"\"{name}\", \"learningRate\": {rate}", StringComparison.Ordinal);
        var run = new Blobs().Start(json);
        var failure = Record.Exception(() => Blobs.Finish(run));
        var diverged = Assert.IsType<TrainingDivergedException>(failure);
        Assert.True(double.IsFinite(diverged.LastFiniteLoss) && diverged.Step > 0);
    }

    [Theory]
    [InlineData("\"softmax\"", "\"relu\"", "/layers/1/activation")]
    [InlineData("\"units\": 3", "\"units\": 4", "/layers/1/units")]
    [InlineData("\"units\": 3", "\"units\": 2", "/layers/1/units")]
    [InlineData("\"units\": 3", "\"units\": 2", "/data/label")]
    [InlineData("\"units\": 16", "\"units\": 0", "/layers/0/units")]
    [InlineData("\"dropout\": 0.1", "\"dropout\": 1", "/layers/0/dropout")]
    [InlineData("\"units\": 3,", "\"units\": 3, \"dropout\": 0.5,", "/layers/1/dropout")]
    [InlineData("\"batchSize\": 10", "\"batchSize\": 0", "/batchSize")]
    [InlineData("\"epochs\": 12", "\"epochs\": 0", "/epochs")]
    [InlineData("\"epochs\": 12", "\"validationFraction\": 1", "/validationFraction")]
    [InlineData("\"epochs\": 12", "\"validationFraction\": 0, \"earlyStopping\": {}", "/earlyStopping")]
    [InlineData("\"epochs\": 12", "\"classWeights\": [1, 2]", "/classWeights")]
    [InlineData("\"epochs\": 12", "\"classWeights\": [1, -1, 1]", "/classWeights/1")]
    [InlineData("\"epochs\": 12", "\"labelSmoothing\": 1", "/labelSmoothing")]
    [InlineData("\"epochs\": 12", "\"loss\": \"binary-cross-entropy\"", "/layers/1/activation")]
    [InlineData("\"units\": 16", "\"units\": 60000, \"activation\": \"relu\" }, { \"units\": 60000", "/layers")]
    public void Specification_ThatCannotBeRun_SaysWhere(string right, string wrong, string pointer)
    {
        var json = Blobs.Job();
        Assert.Contains(right, json, StringComparison.Ordinal);
        Assert.Contains(pointer, Pointers(json.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{ "inputs": [[1], [2], [3]], "labels": [0, 1, 3] }""", "/data/labels/2")]
    [InlineData("""{ "inputs": [[1], [2], [3]], "labels": [0, -1, 2] }""", "/data/labels/1")]
    [InlineData("""{ "inputs": [[1], [2], [3]], "labels": [0, 1] }""", "/data/labels")]
    [InlineData("""{ "inputs": [[1], [2, 3], [3]], "labels": [0, 1, 2] }""", "/data/inputs/1")]
    [InlineData("""{ "inputs": [[1]], "labels": [0] }""", "/data/inputs")]
    [InlineData("""{ "inputs": [[1], [2]], "labels": [0, 0] }""", "/data/labels")]
    [InlineData("""{ "inputs": [[1], [2]], "labels": ["a", "a"] }""", "/data/labels")]
    [InlineData("""{ "inputs": [[1], [2], [3]], "labels": ["a", "b", "d"], "classes": ["a", "b", "c"] }""", "/data/labels/2")]
    [InlineData("""{ "dataset": "blobs", "label": "label", "columns": ["label"] }""", "/data/columns")]
    public void Data_ThatDoesNotFit_SaysWhere(string data, string pointer) => Assert.Contains(pointer, Pointers(Blobs.Job(data: data)));

    [Fact]
    public void OneClass_ForOneUnit_IsNothingToTell()
    {
        var json = Blobs.Job(layers: """[ { "units": 1, "activation": "softmax" } ]""", data: """{ "inputs": [[1], [2]], "labels": [0, 0] }""");
        Assert.Equal(["/data/labels"], Pointers(json));
    }

    [Fact]
    public void BatchOfNone_HasNoEstimate()
    {
        var json = Blobs.Job(data: """{ "inputs": [[1], [2], [3]], "labels": [0, 1, 2] }""");
        Assert.Equal(["/batchSize"], Pointers(json.Replace("\"batchSize\": 10", "\"batchSize\": 0", StringComparison.Ordinal)));
    }

    [Fact]
    public void InputsTooLargeForAFloat_FailAtOnce_WithoutALossThatNeverWas()
    {
        var data = """{ "inputs": [[1e300], [-1e300], [0], [1]], "labels": [0, 1, 2, 0] }""";
        var run = new Blobs().Start(Blobs.Job("\"epochs\": 2, \"scaling\": \"none\"", data: data));
        var diverged = Assert.Throws<TrainingDivergedException>(() => Blobs.Finish(run));
        Assert.Equal((1, double.PositiveInfinity), (diverged.Step, diverged.LastFiniteLoss));
        Assert.DoesNotContain("E+308", diverged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_WithoutExamples_CanBeNamed()
    {
        var data = """{ "inputs": [[1], [2], [3], [4]], "labels": [0, 1, 0, 1], "classes": ["a", "b", "c"] }""";
        var result = new Blobs().Run<ClassifierResult>(Blobs.Job("\"epochs\": 2", data: data));
        Assert.Equal(["a", "b", "c"], result.Classes);
        Assert.Equal(double.PositiveInfinity, result.Balance.Reverse.Value);
    }

    private static string[] Pointers(string json)
    {
        var problems = new Problems();
        var specification = JsonSerializer.Deserialize<TrainingSpecification>(json, Fits.Json)!;
        specification.Check(problems);
        if (!problems.Any) specification.CheckInputs(new Blobs(), problems);
        return [.. problems.ByPointer().Keys];
    }

    private static ClassPrediction Ask(Blobs inputs, TrainingOutcome outcome, string request)
    {
        var specification = (ClassifierSpecification)Fits.Read(Blobs.Job());
        if (((ClassifierResult)outcome.Result).Parameters == 2) specification = specification with { Layers = [new() { Units = 1 }], Loss = ClassifierLoss.BinaryCrossEntropy };
        var training = new FinishedTraining(specification, default, name => outcome.Artifacts.First(artifact => artifact.Name == name).Content);
        return (ClassPrediction)specification.Predict(JsonSerializer.Deserialize<PredictionRequest>(request, Fits.Json)!, training, inputs);
    }
}
