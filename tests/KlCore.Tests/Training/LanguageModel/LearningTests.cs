using KlCore.Formats;
using KlCore.Losses;
using KlCore.Training;
using KlCore.Training.LanguageModel;
using KlCore.Training.LanguageModel.Learning;
using KlCore.Training.LanguageModel.NGrams;
using KlCore.Training.LanguageModel.NGrams.Smoothings;
using KlCore.Training.LanguageModel.Tokens;
using KlCore.Training.Optimization;

namespace KlCore.Tests.Training.LanguageModel;

/// <summary>Language models that learn along gradients: what they learn, and that nothing of it depends on how the run went.</summary>
public class LearningTests
{
    // What follows a b depends on the token two before it.
    private static readonly string Pattern = string.Concat(Enumerable.Repeat("xbX ybY ", 300));

    public static TheoryData<string> Designs => [.. Small.Keys];

    private static Dictionary<string, NetworkDesign> Small { get; } = new()
    {
        ["transformer"] = new TransformerDesign { Layers = 1, Width = 16, Heads = 2, Context = 8 },
        ["tied"] = new TransformerDesign { Layers = 2, Width = 12, Heads = 3, Context = 6, TieWeights = true, Dropout = 0.1 },
        ["neural"] = new NeuralDesign { Context = 3, Width = 8, Hidden = 16 },
    };

    [Theory]
    [MemberData(nameof(Designs))]
    public void Run_OfAPatternWithinItsContext_LearnsIt(string name)
    {
        var result = Runs.Result(Specification(Small[name]) with { Steps = 150 });
        // The text has one bit in eight tokens: what else there is, is certain.
        Assert.InRange(result.Validation.CrossEntropy.Value, 0, 0.1);
        Assert.InRange(result.Training.CrossEntropy.Value, 0, 0.1);
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void Save_AnywhereInTheRun_ContinuesToTheSameBits(string name)
    {
        var specification = Specification(Small[name]) with { Steps = 7, EvaluationInterval = 3, EarlyStopping = new EarlyStopping { Patience = 50 } };
        using var whole = specification.Start(Runs.Nothing);
        List<byte[]> states = [];
        while (!whole.IsComplete)
        {
            states.Add(whole.Save());
            whole.Step();
        }

        var expected = whole.Finish();
        foreach (var state in states)
        {
            using var resumed = specification.Start(Runs.Nothing);
            resumed.Restore(state);
            Assert.Equal(states.IndexOf(state), resumed.CompletedSteps);
            while (!resumed.IsComplete) resumed.Step();
            Assert.Equal(whole.TotalSteps, resumed.CompletedSteps);
            foreach (var (one, other) in expected.Artifacts.Zip(resumed.Finish().Artifacts)) Assert.True(one.Content.Span.SequenceEqual(other.Content.Span), one.Name);
        }
    }

    [Fact]
    public void Run_InPieces_SavesBetweenThem()
    {
        // Wide enough that a batch takes several steps.
        var specification = Specification(new TransformerDesign { Layers = 1, Width = 96, Heads = 2, Context = 64 }) with { Steps = 1, BatchSize = 200, Samples = new Generation { Count = 0 } };
        var task = new LearningCost((NetworkDesign)specification.Model, 256, specification);
        Assert.InRange(task.Pieces, 2, 10);
        Assert.InRange(task.PieceSize * task.Pieces, 200, 200 + task.Pieces);
        using var whole = specification.Start(Runs.Nothing);
        whole.Step();
        var state = whole.Save();
        whole.Step();
        using var resumed = specification.Start(Runs.Nothing);
        resumed.Restore(state);
        resumed.Step();
        Assert.Equal(whole.Save(), resumed.Save());
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void Model_ReadFromItsFile_SaysTheSame(string name)
    {
        var specification = Specification(Small[name]) with { Steps = 3 };
        var outcome = Runs.Run(specification);
        var training = new FinishedTraining(specification, default, file => outcome.Artifacts.FirstOrDefault(artifact => artifact.Name == file)?.Content);
        var model = FinishedLanguageModel.Of(training)!;
        Assert.Equal(outcome.Artifacts.Single(artifact => artifact.Name == FinishedLanguageModel.FileName).Content.ToArray(), SafeTensors.Write(model.Model.ToTensors()));
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void Scores_OfAStream_AreThoseOfItsRowsAndOneByOne(string name)
    {
        var specification = Specification(Small[name]) with { Steps = 5 };
        var outcome = Runs.Run(specification);
        var model = FinishedLanguageModel.Of(new FinishedTraining(specification, default, file => outcome.Artifacts.First(artifact => artifact.Name == file).Content))!;
        var stream = model.Tokenizer.Encode(Pattern).ToArray();
        double[] scores = new double[90], many = new double[90];
        model.Model.ScoreStream(stream, 10, 100, scores);
        model.Model.ScoreMany(stream, [10, 40, 70], 30, many);
        var rows = new float[90 * 256];
        model.Model.PredictMany(stream, [10], 90, rows);
        for (var i = 0; i < 90; i++)
        {
            Assert.Equal(scores[i], rows[i * 256 + stream[10 + i]], 1e-5);
            Assert.Equal(1, Enumerable.Range(0, 256).Sum(token => Math.Exp(rows[i * 256 + token])), 1e-5);
        }

        // Where pieces are cut differently the context differs: all that sees it in full must agree.
        if (specification.Model is NeuralDesign) Assert.Equal(scores, many, (a, b) => Math.Abs(a - b) < 1e-6);
        var alone = new float[256];
        var (length, at) = (model.Model.Stride, 10 + model.Model.Stride - 1);
        model.Model.Predict(stream.AsSpan(Math.Max(0, at - model.Model.Window), Math.Min(at, model.Model.Window)), Math.Min(at, model.Model.Window), alone);
        Assert.Equal(scores[length - 1], alone[stream[at]], 1e-5);
    }

    [Fact]
    public void EarlyStopping_OfAModelThatOverfits_KeepsTheBest()
    {
        var specification = Specification(Small["neural"]) with
        {
            Text = "the quick brown fox jumps over the lazy dog and then sleeps until the evening comes, when it wakes and eats what there is",
            ValidationFraction = 0.3,
            Steps = 400,
            EvaluationInterval = 5,
            EarlyStopping = new EarlyStopping { Patience = 3 },
        };
        using var run = specification.Start(Runs.Nothing);
        List<double> looks = [];
        while (!run.IsComplete)
            foreach (var (metric, value) in run.Step())
                if (metric == "validationLoss" && (looks.Count == 0 || looks[^1] != value)) looks.Add(value);
        Assert.True(looks.Count < 80);
        // The whole held-out part is looked at on the way, since it is small.
        Assert.Equal(looks.Min(), ((LanguageModelResult)run.Finish().Result).Validation.CrossEntropy.Value, 1e-6);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void Distilled_FromAnNGram_ComesNearIt(double textWeight)
    {
        var teaching = Specification(new NGramDesign { Order = 3 }) with { Objective = new MaximumLikelihood(), Steps = null, Optimizer = null };
        var outcome = Runs.Run(teaching);
        var inputs = new Teacher(new FinishedTraining(teaching, default, file => outcome.Artifacts.FirstOrDefault(artifact => artifact.Name == file)?.Content));
        // What is reverse leaves a mode for another slowly.
        foreach (var (loss, left) in new (Loss, double)[] { (new ForwardKullbackLeibler(), 0.2), (new ReverseKullbackLeibler(), 0.5), (new JensenShannon(), 0.2) })
        {
            var specification = Specification(Small["transformer"]) with { Objective = new Distilled { Teacher = "t", Loss = loss, TextWeight = textWeight }, Steps = 40, BatchSize = 8, Samples = new Generation { Count = 0 } };
            using var run = specification.Start(inputs);
            List<double> values = [];
            while (!run.IsComplete)
                foreach (var (metric, value) in run.Step())
                    if (metric == "loss") values.Add(value);
            Assert.InRange(values[^1], 0, left * values[0]);
        }
    }

    [Fact]
    public void Distilled_WithAllWeightOnTheText_IsMaximumLikelihoodWhateverTheTeacherSays()
    {
        // Without smoothing the teacher holds nearly everything for impossible, and the reverse KL to it is infinite.
        var teaching = Specification(new NGramDesign { Order = 3, Smoothing = new UnsmoothedNGrams() }) with { Steps = null, Optimizer = null };
        var outcome = Runs.Run(teaching);
        var inputs = new Teacher(new FinishedTraining(teaching, default, file => outcome.Artifacts.FirstOrDefault(artifact => artifact.Name == file)?.Content));
        var plain = Specification(Small["neural"]) with { Steps = 3, Samples = new Generation { Count = 0 } };
        using var run = (plain with { Objective = new Distilled { Teacher = "t", Loss = new ReverseKullbackLeibler(), TextWeight = 1 } }).Start(inputs);
        using var other = plain.Start(Runs.Nothing);
        for (var i = 0; i < 3; i++) Assert.Equal(other.Step().Single(metric => metric.Key == "loss").Value, run.Step().Single(metric => metric.Key == "loss").Value, 1e-5);
    }

    [Theory]
    [InlineData("transformer", false)]
    [InlineData("transformer", true)]
    [InlineData("neural", false)]
    public void Run_ThatDiverges_SaysWhere(string name, bool adapts)
    {
        Optimizer optimizer = adapts ? new Adam { LearningRate = 1000 } : new StochasticGradient { LearningRate = 1000 };
        var specification = Specification(Small[name]) with { Steps = 60, Optimizer = optimizer };
        using var run = specification.Start(Runs.Nothing);
        var failure = Assert.Throws<TrainingDivergedException>(() =>
        {
            while (!run.IsComplete) run.Step();
        });
        Assert.InRange(failure.Step, 2, 121);
        Assert.True(double.IsFinite(failure.LastFiniteLoss));
    }

    [Theory]
    [InlineData("/model/width", 2, 10, 4, 64, 1)]
    [InlineData("/model", 48, 2048, 16, 2048, 1)]
    [InlineData("/steps", 12, 256, 4, 256, 10_000_000)]
    public void Check_OfWhatDoesNotFit_NamesIt(string pointer, int layers, int width, int heads, int context, int steps)
    {
        var problems = new Problems();
        (Specification(new TransformerDesign { Layers = layers, Width = width, Heads = heads, Context = context }) with { Steps = steps }).Check(problems);
        Assert.Contains(pointer, problems.ByPointer().Keys);
    }

    [Fact]
    public void Start_OfTextShorterThanTheContext_IsRefused()
    {
        var failure = Assert.Throws<NotComputableException>(() => (Specification(Small["transformer"]) with { Text = "too short" }).Start(Runs.Nothing));
        Assert.Equal("text-too-short", failure.Code);
    }

    private static LanguageModelSpecification Specification(LanguageModelDesign design) => new()
    {
        Text = Pattern,
        Tokens = new ByteTokens(),
        Model = design,
        Steps = 20,
        Optimizer = new AdamW { LearningRate = 0.02 },
        Samples = new Generation { Count = 1, MaximumTokens = 20 },
    };

    private sealed class Teacher(FinishedTraining training) : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new InvalidInputException("dataset", "There are no datasets.");

        public FinishedTraining? FindTraining(string job) => training;
    }
}
