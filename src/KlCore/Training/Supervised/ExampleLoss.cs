using KlCore.Networks;

namespace KlCore.Training.Supervised;

/// <summary>What a network is to learn of each example, and how far off it is.</summary>
internal abstract class ExampleLoss
{
    /// <summary>The name of what is told beside the loss at each epoch, for example "accuracy".</summary>
    public abstract string Measure { get; }

    /// <summary>The mean loss over some examples, and its derivative.</summary>
    /// <param name="examples">Which they are, one for each row.</param>
    /// <param name="outputs">What the network answers for them.</param>
    /// <param name="gradient">Receives the derivative of the mean, if it is not empty; it is for training, where examples may have weights.</param>
    /// <param name="measure">Grows by the sum of what is told beside the loss.</param>
    public abstract double Evaluate(ReadOnlySpan<int> examples, Batch outputs, Batch gradient, ref double measure);
}
