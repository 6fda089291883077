namespace KlCore.Networks;

/// <summary>What a forward pass is for.</summary>
/// <param name="IsTraining">Whether what is random happens, and whether a backward pass follows.</param>
/// <param name="Seed">With the step the address of the random numbers.</param>
/// <param name="Step">The step of the training.</param>
internal readonly record struct Pass(bool IsTraining, long Seed = 0, long Step = 0)
{
    /// <summary>For what a trained network says.</summary>
    public static Pass Inference => new(IsTraining: false);

    /// <summary>How many rows in a row belong to one sequence, for layers that look at rows together; 0 if all do.</summary>
    public int SequenceRows { get; init; }
}
