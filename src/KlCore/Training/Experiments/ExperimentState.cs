using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Formats;

namespace KlCore.Training.Experiments;

/// <summary>What is saved of an experiment: the runs that are over, and the whole state of the one that is not.</summary>
/// <param name="Finished">The runs that are over, in order.</param>
/// <param name="Losses">The losses so far of the present one.</param>
/// <param name="Current">The present one's own save; null between runs.</param>
internal sealed record ExperimentState(List<FinishedRun> Finished, LossCurve Losses, byte[]? Current)
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>As a safetensors file.</summary>
    public byte[] Save() => SafeTensors.Write(
    [
        .. Pack("runs", JsonSerializer.SerializeToUtf8Bytes(this with { Current = null }, Options)),
        .. Current is null ? [] : Pack("current", Current),
    ]);

    /// <summary>From what <see cref="Save"/> wrote.</summary>
    public static ExperimentState Restore(ReadOnlyMemory<byte> state)
    {
        var tensors = SafeTensors.Read(state);
        try
        {
            var runs = JsonSerializer.Deserialize<ExperimentState>(Unpack("runs", tensors), Options) ?? throw Foreign();
            return runs with { Current = tensors.ContainsKey("current") ? Unpack("current", tensors) : null };
        }
        catch (JsonException)
        {
            throw Foreign();
        }
    }

    // Eight bytes to a number, of which nothing but the bits matters: nobody computes with them.
    private static IEnumerable<Tensor> Pack(string name, byte[] bytes)
    {
        var bits = new double[(bytes.Length + 7) / 8];
        bytes.CopyTo(MemoryMarshal.AsBytes(bits.AsSpan()));
        return [new Tensor(name, bits), new Tensor($"{name}.bytes", bytes.Length)];
    }

    private static byte[] Unpack(string name, IReadOnlyDictionary<string, Tensor> tensors)
    {
        if (!tensors.TryGetValue(name, out var bits) || !tensors.TryGetValue($"{name}.bytes", out var length) || length.Values is not [var count]) throw Foreign();
        var bytes = MemoryMarshal.AsBytes(bits.Values.AsSpan());
        return count >= 0 && count <= bytes.Length ? bytes[..(int)count].ToArray() : throw Foreign();
    }

    private static InvalidInputException Foreign() => new("", "The checkpoint is not of an experiment.");
}
