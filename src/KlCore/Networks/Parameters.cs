using KlCore.Formats;

namespace KlCore.Networks;

/// <summary>
/// All that a model learns, in one piece of memory, and beside it the gradient: so an optimizer passes over it once. Layers announce what they need,
/// then the memory is there.
/// </summary>
internal sealed class Parameters
{
    /// <summary>Parameters begin at multiples of this many floats, which is a cache line.</summary>
    private const int Step = 16;

    private readonly List<Parameter> _all = [];
    private FloatBuffer? _values, _gradients;
    private int _length;

    /// <summary>In the order in which they were announced.</summary>
    public IReadOnlyList<Parameter> All => _all;

    /// <summary>How many numbers are learnt.</summary>
    public long Count => _all.Sum(parameter => (long)parameter.Length);

    /// <summary>All of them with the gaps between, which stay zero.</summary>
    public Span<float> Values => Allocated(_values);

    /// <summary>The gradient, in the same places.</summary>
    public Span<float> Gradients => Allocated(_gradients);

    /// <summary>Announces a tensor.</summary>
    public Parameter Add(string name, params int[] shape) => Add(new Parameter(this, name, shape, _length));

    /// <summary>Announces the weights of a layer.</summary>
    public Parameter AddWeights(string name, int inputs, int outputs) =>
        Add(new Parameter(this, name, [inputs, outputs], _length) { IsTransposedInFiles = true, IsWeight = true });

    /// <summary>Lays out the memory for what was announced.</summary>
    public void Allocate() => (_values, _gradients) = (new FloatBuffer(_length), new FloatBuffer(_length));

    /// <summary>Lays out memory for the gradient alone: the values are those of another that was announced the same.</summary>
    public void AllocateBeside(Parameters other)
    {
        ShareValues(other);
        _gradients = new FloatBuffer(_length);
    }

    /// <summary>Takes the values of another that was announced the same, and has no gradient.</summary>
    public void ShareValues(Parameters other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(_length, other._length);
        _values = other._values;
    }

    /// <summary>Every tensor under its own name, as a model file has them.</summary>
    public IEnumerable<Tensor> ToTensors(string prefix = "") => _all.Select(parameter => parameter.ToTensor(prefix + parameter.Name));

    /// <summary>Reads what <see cref="ToTensors"/> gave.</summary>
    /// <exception cref="InvalidInputException">A tensor is missing or of another shape.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> tensors, string prefix = "")
    {
        foreach (var parameter in _all)
            parameter.Load(tensors.GetValueOrDefault(prefix + parameter.Name) ?? throw new InvalidInputException("", $"The model has no tensor \"{prefix}{parameter.Name}\"."));
    }

    private Parameter Add(Parameter parameter)
    {
        if (_values is not null) throw new InvalidOperationException("The memory is laid out already.");
        _all.Add(parameter);
        _length = checked(_length + (parameter.Length + Step - 1) / Step * Step);
        return parameter;
    }

    private static Span<float> Allocated(FloatBuffer? buffer) => (buffer ?? throw new InvalidOperationException("The memory is not laid out yet.")).Span;
}
