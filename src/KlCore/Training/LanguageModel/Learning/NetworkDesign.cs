using KlCore.Formats;
using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Numerics;
using KlCore.Training.Optimization;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>A model that learns along gradients.</summary>
public abstract record NetworkDesign : LanguageModelDesign
{
    private const double WarmUpShare = 0.1;
    private const int LongestWarmUp = 100;

    /// <summary>How many sequences a step learns from, where the specification does not say.</summary>
    internal abstract int UsualBatchSize { get; }

    /// <summary>The rate at which this kind of network learns well by Adam.</summary>
    internal abstract double UsualRate { get; }

    internal override bool LearnsByGradient => true;

    internal override void CheckCost(int vocabulary, long? tokens, LanguageModelSpecification training, Problems problems) =>
        new LearningCost(this, vocabulary, training).Check(problems);

    internal override int BlocksPerStep(int vocabulary) => LearningCost.BlocksPerStep(Size(vocabulary));

    internal override int TokensPerStep(int vocabulary) => LearningCost.TokensPerStep(Size(vocabulary));

    internal override LanguageLearner Begin(LearningTask task)
    {
        var model = Model(task.Stream.Tokenizer.Vocabulary);
        model.Network.Initialize(new RandomStream(task.Specification.Seed, 0, "language model"));
        return new GradientLearner(task, this, model);
    }

    internal override TokenModel Load(IReadOnlyDictionary<string, Tensor> tensors, int vocabulary)
    {
        var model = Model(vocabulary);
        model.Load(tensors);
        return model;
    }

    /// <summary>The rule for a run of this many steps: without a schedule the rate grows for a while and then falls along a cosine to a tenth.</summary>
    internal Optimizer Rule(Optimizer? given, int steps)
    {
        var rule = given ?? new AdamW();
        var rate = rule.LearningRate ?? (rule is Adam or AdamW ? UsualRate : rule.UsualRate);
        var warmUp = Math.Clamp((int)(WarmUpShare * steps), 1, LongestWarmUp);
        return rule with { LearningRate = rate, Schedule = rule.Schedule ?? new WarmUpSchedule { Steps = warmUp, Then = new CosineSchedule { FinalFraction = 0.1 } } };
    }

    /// <summary>Makes a network that announces what it learns.</summary>
    /// <param name="parameters">Where to.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="purpose">Distinguishes what it leaves out at random from what its equals leave out.</param>
    internal abstract TokenNetwork Make(Parameters parameters, int vocabulary, string purpose = "");

    /// <summary>How large such a network is.</summary>
    internal abstract NetworkSize Size(int vocabulary);

    private LearntModel Model(int vocabulary)
    {
        var parameters = new Parameters();
        var network = Make(parameters, vocabulary);
        parameters.Allocate();
        return new LearntModel(this, network, parameters);
    }
}

/// <summary>What a network costs.</summary>
/// <param name="Parameters">Numbers that it learns.</param>
/// <param name="Flops">Additions and multiplications for one sequence, forth and back.</param>
/// <param name="Activations">Numbers that it keeps of one sequence between the passes.</param>
/// <param name="Rows">Positions of a sequence that it learns to continue.</param>
internal sealed record NetworkSize(long Parameters, double Flops, long Activations, int Rows);
