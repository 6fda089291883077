using System.Numerics;
using KlCore.Formats;

namespace KlCore.Training;

/// <summary>A saved state being read back: its tensors by name, each of the length that the run expects.</summary>
internal sealed class Checkpoint(ReadOnlyMemory<byte> state)
{
    private readonly IReadOnlyDictionary<string, Tensor> _tensors = SafeTensors.Read(state);

    /// <summary>Copies a tensor to where it came from.</summary>
    public void Read(string name, Span<double> destination) => Find(name, destination.Length).CopyTo(destination);

    /// <summary>Copies a tensor to where it came from, exactly if it was of this type.</summary>
    public void Read<T>(string name, Span<T> destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = Find(name, destination.Length);
        for (var i = 0; i < values.Length; i++) destination[i] = T.CreateChecked(values[i]);
    }

    /// <summary>A single number.</summary>
    public double Number(string name) => Find(name, 1)[0];

    /// <summary>A single whole number of at least zero.</summary>
    public long Count(string name) =>
        Number(name) is >= 0 and <= 1L << 53 and var count && count == Math.Floor(count)
            ? (long)count
            : throw new InvalidInputException("", $"The checkpoint's \"{name}\" is not a count.");

    /// <summary>A tensor of whatever length.</summary>
    public IReadOnlyList<double> All(string name) =>
        _tensors.TryGetValue(name, out var tensor) ? tensor.Values : throw new InvalidInputException("", $"The checkpoint has no tensor \"{name}\": it is of another specification.");

    private double[] Find(string name, int length) =>
        _tensors.TryGetValue(name, out var tensor) && tensor.Values.Length == length
            ? tensor.Values
            : throw new InvalidInputException("", $"The checkpoint has no tensor \"{name}\" of {length} numbers: it is of another specification.");
}
