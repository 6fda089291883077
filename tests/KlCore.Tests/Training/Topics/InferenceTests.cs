using System.Text.Json;
using KlCore.Training.Topics;

namespace KlCore.Tests.Training.Topics;

/// <summary>One E-step, the bound and the updates, against gensim and SciPy in doubles (Reference/topics.py).</summary>
public class InferenceTests
{
    // Floats through thirty iterations.
    private const double Tolerance = 2e-5;

    [Fact]
    public void Improve_EveryGoldenCase_FindsTheDocumentsTopics()
    {
        foreach (var golden in Golden.Cases())
        {
            var (model, inference) = Make(golden);
            var fresh = new double[model.Words.Vocabulary * model.Words.Topics];
            for (var d = 0; d < golden.Documents.Count; d++)
            {
                Improve(golden, d, inference);
                for (var k = 0; k < model.Words.Topics; k++) Near(golden.Gamma[d][k], inference.Gamma[k], Tolerance, $"{golden.Name}, gamma of {d}, {k}");
                inference.Collect();
            }

            for (var word = 0; word < model.Words.Vocabulary; word++)
            {
                for (var k = 0; k < model.Words.Topics; k++)
                    Near(golden.Fresh[word][k], model.Words.Fresh.Span[word * model.Words.Stride + k], Tolerance, $"{golden.Name}, word {word}, topic {k}");
            }
        }
    }

    [Fact]
    public void Evaluate_EveryGoldenCase_IsTheBound()
    {
        foreach (var golden in Golden.Cases())
        {
            var (model, inference) = Make(golden);
            var bound = 0.0;
            for (var d = 0; d < golden.Documents.Count; d++)
            {
                Improve(golden, d, inference);
                inference.Evaluate(golden.Alpha, out var likelihood, out var divergence);
                Near(golden.Likelihood[d], likelihood, 1e-5, $"{golden.Name}, likelihood of {d}");
                Near(golden.Divergence[d], divergence, 1e-4, $"{golden.Name}, divergence of {d}");
                bound += likelihood - divergence;
            }

            var half = model.Words.Vocabulary / 2;
            model.AddDivergences(new Piece(Phase.Divergence, 0, half));
            model.AddDivergences(new Piece(Phase.Divergence, half, model.Words.Vocabulary) { IsLast = true });
            for (var k = 0; k < model.Words.Topics; k++) Near(golden.TopicDivergence[k], model.Divergences[k], 1e-5, $"{golden.Name}, topic {k}");
            Near(golden.Bound, bound - model.Divergences.Sum(), 1e-5, $"{golden.Name}, bound");
        }
    }

    [Fact]
    public void Improve_InTwoParts_EndsWhereItWouldHaveInOne()
    {
        var golden = Golden.Cases()[1];
        var (_, whole) = Make(golden);
        var (_, parted) = Make(golden);
        Improve(golden, 0, whole);
        Load(golden, 0, parted);
        parted.Gamma.Fill(1);
        parted.Begin();
        parted.Improve(11, 0, out _);
        parted.Begin();
        parted.Improve(golden.Iterations - 11, 0, out _);
        Assert.Equal(whole.Gamma.ToArray(), parted.Gamma.ToArray());
    }

    [Fact]
    public void Blend_WeighsOldAgainstNew_AndRefreshesWhatFollows()
    {
        var golden = Golden.Cases()[0];
        var (model, _) = Make(golden);
        model.Words.Fresh.Span[2 * model.Words.Stride + 1] = 8;
        model.Blend(new Piece(Phase.Blend, 0, 5), 0.25, 3);
        model.Blend(new Piece(Phase.Blend, 5, model.Words.Vocabulary) { IsLast = true }, 0.25, 3);
        Near(0.25 * golden.Statistics[2][1] + 24 + golden.Eta, model.Lambda(2, 1), 1e-6, "lambda");
        Near(golden.Statistics.Sum(row => 0.25 * row[1]) + 24 + golden.Eta * model.Words.Vocabulary, model.Words.Sums[1], 1e-6, "sum");
        Assert.Equal(0, model.Words.Fresh.Span[2 * model.Words.Stride + 1]);
        model.Refresh(new Piece(Phase.Refresh, 0, model.Words.Vocabulary) { IsLast = true }, 1);
        var row = model.Words.Expected.Span.Slice(2 * model.Words.Stride, 3).ToArray();
        Assert.Equal(1, row.Max());
        var logBeta = Enumerable.Range(0, 3).Select(k => MathNet.Numerics.SpecialFunctions.DiGamma(model.Lambda(2, k)) - MathNet.Numerics.SpecialFunctions.DiGamma(model.Words.Sums[k])).ToArray();
        Near(logBeta.Max(), model.Words.LogScales[2], 1e-5, "scale");
        for (var k = 0; k < 3; k++) Near(Math.Exp(logBeta[k] - logBeta.Max()), row[k], 1e-5, "exponential");
    }

    [Fact]
    public void DirichletUpdate_EveryGoldenCase_MakesGensimsStep()
    {
        foreach (var golden in Golden.Cases())
        {
            double[] alpha = [.. golden.Alpha];
            DirichletUpdate.Step(alpha, golden.Documents.Count - 1, golden.MeanLog, 0.7);
            for (var k = 0; k < alpha.Length; k++) Near(golden.LearnedAlpha[k], alpha[k], 1e-6, $"{golden.Name}, {k}");
        }
    }

    private static (TopicsModel Model, DocumentInference Inference) Make(Golden golden)
    {
        var (topics, words) = (golden.Alpha.Length, golden.Statistics.Length);
        var specification = new TopicsSpecification { Topics = topics, Eta = Read($"{golden.Eta:R}"), Alpha = Read(JsonSerializer.Serialize(golden.Alpha)) };
        var model = new TopicsModel(specification, words);
        for (var word = 0; word < words; word++)
            for (var k = 0; k < topics; k++) model.Words.Statistics.Span[word * model.Words.Stride + k] = (float)golden.Statistics[word][k];
        model.Renew();
        return (model, new DocumentInference(model.Words, words));
    }

    private static Prior Read(string json) => JsonSerializer.Deserialize<Prior>(json)!;

    private static void Load(Golden golden, int document, DocumentInference inference) =>
        inference.Load(golden.Documents[document][0], golden.Documents[document][1].Select(count => (float)count).ToArray(), golden.Alpha);

    private static void Improve(Golden golden, int document, DocumentInference inference)
    {
        Load(golden, document, inference);
        inference.Gamma.Fill(1);
        inference.Begin();
        Assert.False(inference.Improve(golden.Iterations, 0, out var updates));
        Assert.Equal(golden.Iterations, updates);
    }

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, not {expected:R}");

    private sealed record Golden(
        string Name, double[] Alpha, double Eta, int Iterations, double[][] Statistics, IReadOnlyList<int[][]> Documents, double[][] Gamma, double[][] Fresh,
        double[] Likelihood, double[] Divergence, double[] TopicDivergence, double Bound, double[] MeanLog, double[] LearnedAlpha)
    {
        public static Golden[] Cases()
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "topics.json")));
            return document.RootElement.GetProperty("cases").Deserialize<Golden[]>(JsonSerializerOptions.Web)!;
        }
    }
}
