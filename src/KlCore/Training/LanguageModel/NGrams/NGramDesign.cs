using System.ComponentModel.DataAnnotations;
using KlCore.Formats;
using KlCore.Training.LanguageModel.NGrams.Smoothings;

namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>The next token depends on the order - 1 before it, as often as that was counted; what was seen too rarely is made up for by shorter contexts. A document depends on nothing before it.</summary>
public sealed record NGramDesign : LanguageModelDesign
{
    /// <summary>Bytes that one model may take while it is made.</summary>
    private const double MemoryLimit = 1L << 30;

    private const int BytesPerNGram = 64;
    private const int BytesPerToken = 16;

    /// <summary>The longest n-grams that are counted: 1 sees no context, 2 the token before.</summary>
    [Range(1, 32)]
    public int Order { get; init; } = 3;

    /// <summary>How what was seen and what was not share the probability.</summary>
    public NGramSmoothing Smoothing { get; init; } = new ModifiedKneserNeyNGrams();

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Smoothing.Check(problems.At("smoothing"));
    }

    internal override bool LearnsByGradient => false;

    internal override void CheckCost(int vocabulary, long? tokens, LanguageModelSpecification training, Problems problems)
    {
        if (tokens is not { } count || Bytes(vocabulary, count) is var bytes && bytes <= MemoryLimit) return;
        problems.At("model").Add("order", $"must be smaller for so much text: {count} tokens may hold {NGrams(vocabulary, count):G3} different n-grams, which would take {bytes / (1 << 20):F0} MiB, and {MemoryLimit / (1 << 20):F0} MiB are allowed");
    }

    internal override long MaximumCharacters(LanguageModelSpecification training)
    {
        // A token is seldom less than a character; where it is, the run finds out.
        long low = 0, high = LanguageModelSpecification.MaximumCharacters;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Bytes(training.Tokens.MaximumVocabulary(middle), middle) <= MemoryLimit) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    internal override string MaximumReason => $"for n-grams up to order {Order}, of which more might take more than {MemoryLimit / (1 << 20):F0} MiB";

    internal override LanguageLearner Begin(LearningTask task) => new NGramLearner(this, task.Stream);

    internal override TokenModel Load(IReadOnlyDictionary<string, Tensor> tensors, int vocabulary) => NGramFile.Read(tensors, vocabulary, Order, Smoothing.BacksOffToUniform);

    private double Bytes(int vocabulary, long tokens) => BytesPerNGram * NGrams(vocabulary, tokens) + BytesPerToken * (double)tokens;

    /// <summary>The most different n-grams of all orders together.</summary>
    private double NGrams(int vocabulary, long tokens) => Enumerable.Range(1, Order).Sum(order => Math.Min(tokens, Math.Pow(vocabulary + 1.0, order)));
}

/// <summary>What was counted of one order.</summary>
/// <param name="Order">How many tokens these n-grams have.</param>
/// <param name="NGrams">How many different ones there are.</param>
/// <param name="Singletons">How many of them occur once.</param>
public sealed record OrderFacts(int Order, long NGrams, long Singletons)
{
    /// <summary>
    /// The numbers that the smoothing went by, where it has any: discounts of counts of 1, 2, …; Katz' factors of them; lambda by the quarter powers of 2 of the mean count after the context; mu.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Parameters { get; init; }
}
