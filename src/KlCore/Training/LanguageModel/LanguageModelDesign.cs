using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Training.LanguageModel.Learning;
using KlCore.Training.LanguageModel.NGrams;

namespace KlCore.Training.LanguageModel;

/// <summary>What kind of model it is, with its sizes: one sealed record for each, listed here by one attribute line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(NGramDesign), "ngram")]
[JsonDerivedType(typeof(NeuralDesign), "neural")]
[JsonDerivedType(typeof(TransformerDesign), "transformer")]
public abstract record LanguageModelDesign : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>Whether it learns step by step along gradients, and not by counting.</summary>
    internal abstract bool LearnsByGradient { get; }

    /// <summary>Adds a problem where a model of this design would take too much memory or time, with the estimate.</summary>
    /// <param name="vocabulary">The most tokens that there may be.</param>
    /// <param name="tokens">The most tokens that the text may have; null while that is not known.</param>
    /// <param name="training">How it is to be trained.</param>
    /// <param name="problems">Where failures go, seen from the specification.</param>
    internal abstract void CheckCost(int vocabulary, long? tokens, LanguageModelSpecification training, Problems problems);

    /// <summary>The most characters of text that the memory allows.</summary>
    internal virtual long MaximumCharacters(LanguageModelSpecification training) => LanguageModelSpecification.MaximumCharacters;

    /// <summary>Why not more, in words that follow "must have at most N characters".</summary>
    internal virtual string MaximumReason => "";

    /// <summary>How many blocks of held-out text can be scored in a step.</summary>
    internal virtual int BlocksPerStep(int vocabulary) => 8;

    /// <summary>How many tokens can be drawn in a step.</summary>
    internal virtual int TokensPerStep(int vocabulary) => 16;

    /// <summary>Begins to learn.</summary>
    internal abstract LanguageLearner Begin(LearningTask task);

    /// <summary>Makes the model again from what <see cref="TokenModel.ToTensors"/> gave.</summary>
    /// <exception cref="InvalidInputException">The tensors are of another design.</exception>
    internal abstract TokenModel Load(IReadOnlyDictionary<string, Tensor> tensors, int vocabulary);
}

/// <summary>What there is to learn from.</summary>
/// <param name="Specification">How.</param>
/// <param name="Stream">The text. Only positions below <see cref="TokenStream.TrainingLength"/> are learnt from; the others may be looked at to know when to stop.</param>
/// <param name="Teacher">The model whose distributions are to be learnt, for a distilled one.</param>
internal sealed record LearningTask(LanguageModelSpecification Specification, TokenStream Stream, TokenModel? Teacher);

/// <summary>A model in the making. It learns step by step, each shorter than 50 ms, and can be saved in between.</summary>
internal abstract class LanguageLearner
{
    /// <summary>How many steps it takes, if it does not stop early.</summary>
    public abstract long TotalSteps { get; }

    /// <summary>How many it has taken.</summary>
    public abstract long CompletedSteps { get; }

    /// <summary>Whether it has learnt all that it is going to.</summary>
    public virtual bool IsComplete => CompletedSteps >= TotalSteps;

    /// <summary>Takes one step and returns what it measured.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, double>> Step();

    /// <summary>The whole state.</summary>
    public abstract IEnumerable<Tensor> Save();

    /// <summary>Continues from what <see cref="Save"/> gave.</summary>
    public abstract void Restore(Checkpoint checkpoint);

    /// <summary>The model, once learning is complete: of all its states the one to keep.</summary>
    public abstract TokenModel Finish();
}
