using System.ComponentModel.DataAnnotations;
using KlCore.Networks;
using KlCore.Networks.Language;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>What stands for the last tokens, side by side, through one hidden layer: an n-gram model that knows which tokens are alike.</summary>
/// <remarks>Bengio, Ducharme, Vincent, Jauvin, A neural probabilistic language model, JMLR 3 (2003).</remarks>
public sealed record NeuralDesign : NetworkDesign
{
    /// <summary>How many tokens it looks at.</summary>
    [Range(1, 256)]
    public int Context { get; init; } = 8;

    /// <summary>Numbers that stand for a token.</summary>
    [Range(1, 1024)]
    public int Width { get; init; } = 32;

    /// <summary>Units of the hidden layer.</summary>
    [Range(1, 8192)]
    public int Hidden { get; init; } = 256;

    /// <summary>What they do.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Which part of them is left out at random in training.</summary>
    [Range(0, 0.9)]
    public double Dropout { get; init; }

    internal override int UsualBatchSize => 256;

    internal override double UsualRate => 0.002;

    internal override TokenNetwork Make(Parameters parameters, int vocabulary, string purpose = "") => new FeedForward(parameters, Shape(vocabulary), purpose);

    internal override NetworkSize Size(int vocabulary)
    {
        var shape = Shape(vocabulary);
        return new NetworkSize(shape.Parameters, shape.TrainingFlops, shape.Activations, 1);
    }

    private FeedForwardShape Shape(int vocabulary) => new(vocabulary, Context, Width, Hidden, Activation, Dropout);
}
