using System.ComponentModel.DataAnnotations;
using KlCore.Networks;
using KlCore.Networks.Language;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>
/// A decoder of the kind of GPT-2: each token looks at those before it, through several layers of attention. Its file can be loaded into nanoGPT, whose names its
/// tensors bear.
/// </summary>
/// <remarks>Vaswani et al., Attention is all you need, 2017; Radford et al., Language models are unsupervised multitask learners, 2019.</remarks>
public sealed record TransformerDesign : NetworkDesign
{
    /// <summary>Blocks of attention and perceptron, one after the other.</summary>
    [Range(1, 48)]
    public int Layers { get; init; } = 2;

    /// <summary>Numbers that stand for a token inside: a multiple of <c>heads</c>.</summary>
    [Range(4, 2048)]
    public int Width { get; init; } = 64;

    /// <summary>In how many ways each block looks back at once.</summary>
    [Range(1, 64)]
    public int Heads { get; init; } = 4;

    /// <summary>How many tokens it looks at, the last one included.</summary>
    [Range(1, 2048)]
    public int Context { get; init; } = 64;

    /// <summary>Which part of the embeddings and of what each block adds is left out at random in training.</summary>
    [Range(0, 0.9)]
    public double Dropout { get; init; }

    /// <summary>Whether what stands for a token at the entrance also scores it at the exit, as in GPT-2. With few tokens, weights of its own cost little and do better.</summary>
    public bool TieWeights { get; init; }

    internal override int UsualBatchSize => 16;

    internal override double UsualRate => 0.006;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Heads > 0 && Width % Heads != 0) problems.Add("width", $"must be a multiple of heads ({Heads}), was {Width}");
    }

    internal override TokenNetwork Make(Parameters parameters, int vocabulary, string purpose = "") => new Transformer(parameters, Shape(vocabulary), purpose);

    internal override NetworkSize Size(int vocabulary)
    {
        var shape = Shape(vocabulary);
        return new NetworkSize(shape.Parameters, shape.TrainingFlops, shape.Activations, Context);
    }

    private TransformerShape Shape(int vocabulary) => new(vocabulary, Layers, Width, Heads, Context, Dropout, TieWeights);
}
