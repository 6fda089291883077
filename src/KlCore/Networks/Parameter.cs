using KlCore.Formats;

namespace KlCore.Networks;

/// <summary>One tensor that is learnt: a piece of the flat memory of its <see cref="Parameters"/>.</summary>
internal sealed class Parameter(Parameters owner, string name, int[] shape, int start)
{
    /// <summary>Its name within the model, for example "0.weights".</summary>
    public string Name { get; } = name;

    /// <summary>Its extents, last index fastest.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>Whether it is a matrix of inputs by outputs, as the kernels like it, that files have as outputs by inputs, as frameworks do.</summary>
    public bool IsTransposedInFiles { get; init; }

    /// <summary>Whether penalties on weights are meant for it, and not only steps.</summary>
    public bool IsWeight { get; init; }

    /// <summary>The factor of sum |w| over it, which is added to the loss.</summary>
    public double L1 { get; set; }

    /// <summary>The factor of sum w^2 over it, which is added to the loss.</summary>
    public double L2 { get; set; }

    /// <summary>Where it begins among all parameters.</summary>
    public int Start { get; } = start;

    /// <summary>How many numbers it has.</summary>
    public int Length { get; } = shape.Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>Its numbers.</summary>
    public Span<float> Values => owner.Values.Slice(Start, Length);

    /// <summary>The derivatives of the loss with respect to them, as the last backward pass left them.</summary>
    public Span<float> Gradient => owner.Gradients.Slice(Start, Length);

    /// <summary>As it stands in a file.</summary>
    public Tensor ToTensor(string name)
    {
        if (!IsTransposedInFiles) return Tensor.Of<float>(name, Shape, Values);
        var (inputs, outputs) = (Shape[0], Shape[1]);
        var values = new float[Length];
        for (var i = 0; i < Length; i++) values[i % outputs * inputs + i / outputs] = Values[i];
        return Tensor.Of<float>(name, [outputs, inputs], values);
    }

    /// <summary>Reads what <see cref="ToTensor"/> gave.</summary>
    /// <exception cref="InvalidInputException">It is of another shape.</exception>
    public void Load(Tensor tensor)
    {
        var expected = IsTransposedInFiles ? Shape.Reverse() : Shape;
        if (!tensor.Shape.SequenceEqual(expected))
            throw new InvalidInputException("", $"The model's tensor \"{tensor.Name}\" must have the shape [{string.Join(", ", expected)}], has [{string.Join(", ", tensor.Shape)}].");
        var outputs = Shape[^1];
        var inputs = Length / outputs;
        for (var i = 0; i < Length; i++) Values[i] = (float)tensor.Values[IsTransposedInFiles ? i % outputs * inputs + i / outputs : i];
    }
}
