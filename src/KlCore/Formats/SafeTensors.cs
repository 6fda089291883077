using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace KlCore.Formats;

/// <summary>A named array of numbers with a shape, row by row.</summary>
/// <param name="Name">Its name, unique in a file.</param>
/// <param name="Shape">Its extents; empty for a single number.</param>
/// <param name="Values">Its values, last index fastest.</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, double[] Values)
{
    /// <summary>A vector.</summary>
    public Tensor(string name, double[] values) : this(name, [values.Length], values)
    {
    }

    /// <summary>A single number.</summary>
    public Tensor(string name, double value) : this(name, [], [value])
    {
    }

    /// <summary>Whether the values are floats, written as such (F32).</summary>
    public bool IsSingle { get; init; }

    /// <summary>Floats or doubles, kept as what they are.</summary>
    public static Tensor Of<T>(string name, IReadOnlyList<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < doubles.Length; i++) doubles[i] = double.CreateChecked(values[i]);
        return new Tensor(name, shape, doubles) { IsSingle = typeof(T) == typeof(float) };
    }

    /// <summary>Bytes of one number.</summary>
    internal int Width => IsSingle ? sizeof(float) : sizeof(double);
}

/// <summary>
/// Files in the safetensors layout, of 64-bit and 32-bit floats: eight bytes with the length of a JSON header, the header, then the numbers,
/// little endian and without gaps. What checkpoints and fitted models are kept in.
/// </summary>
/// <remarks>https://github.com/huggingface/safetensors#format</remarks>
public static class SafeTensors
{
    /// <summary>The bytes of a file with these tensors, in this order. Equal tensors give equal bytes.</summary>
    public static byte[] Write(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = Header(tensors, metadata);
        var padded = (header.Length + 7) / 8 * 8;
        var file = new byte[8 + padded + tensors.Sum(tensor => tensor.Width * tensor.Values.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        header.CopyTo(file, 8);
        file.AsSpan(8 + header.Length, padded - header.Length).Fill((byte)' ');
        var data = file.AsSpan(8 + padded);
        foreach (var tensor in tensors)
        {
            foreach (var value in tensor.Values)
            {
                if (tensor.IsSingle) BinaryPrimitives.WriteSingleLittleEndian(data, (float)value);
                else BinaryPrimitives.WriteDoubleLittleEndian(data, value);
                data = data[tensor.Width..];
            }
        }

        return file;
    }

    /// <summary>
    /// The tensors of a file, by name. Refused with an <see cref="InvalidInputException"/>: other data types, gaps, overlaps, missing or
    /// surplus bytes, duplicate names, shapes that do not fit their bytes.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor> Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            if (file.Length < SafetensorsHeader.Preamble) throw Malformed("is shorter than its length field");
            var length = SafetensorsHeader.BytesNeeded(file.Span);
            if (length > file.Length) throw Malformed($"announces a header that ends at byte {length}, beyond its end");
            var header = SafetensorsHeader.Parse(file.Span[..length]);
            var data = file.Span[length..];
            if (header.DataLength != data.Length) throw Malformed($"announces {header.DataLength} bytes of numbers, it has {data.Length}");
            var tensors = new Dictionary<string, Tensor>();
            foreach (var entry in header.Tensors) tensors.Add(entry.Name, Values(entry, data));
            return tensors;
        }
        catch (MalformedDataException failure)
        {
            throw Malformed($"is not well-formed: {failure.Message}");
        }
    }

    /// <summary>The metadata of a file that <see cref="Read"/> takes.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(ReadOnlyMemory<byte> file) =>
        SafetensorsHeader.Parse(file.Span[..SafetensorsHeader.BytesNeeded(file.Span)]).Metadata;

    private static Tensor Values(SafetensorsEntry entry, ReadOnlySpan<byte> data)
    {
        if (entry.DataType is not ("F64" or "F32")) throw Malformed($"has a tensor {SafetensorsHeader.Quote(entry.Name)} that is not of type F64 or F32");
        if (entry.Shape.Any(dimension => dimension > int.MaxValue))
            throw Malformed($"has a tensor {SafetensorsHeader.Quote(entry.Name)} of more than 2^31 - 1 along one dimension");
        var bytes = data[(int)entry.Begin..(int)entry.End];
        var isSingle = entry.DataType == "F32";
        var width = isSingle ? sizeof(float) : sizeof(double);
        var values = new double[bytes.Length / width];
        for (var i = 0; i < values.Length; i++)
            values[i] = isSingle ? BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * width)..]) : BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * width)..]);
        return new Tensor(entry.Name, [.. entry.Shape.Select(dimension => (int)dimension)], values) { IsSingle = isSingle };
    }

    private static byte[] Header(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new Dictionary<string, object>();
        if (metadata is { Count: > 0 }) header.Add("__metadata__", metadata);
        long begin = 0;
        foreach (var tensor in tensors)
        {
            var end = begin + (long)tensor.Width * tensor.Values.Length;
            header.Add(tensor.Name, new Dictionary<string, object> { ["dtype"] = tensor.IsSingle ? "F32" : "F64", ["shape"] = tensor.Shape, ["data_offsets"] = new[] { begin, end } });
            begin = end;
        }

        return JsonSerializer.SerializeToUtf8Bytes(header);
    }

    private static InvalidInputException Malformed(string what) => new("", $"The safetensors file {what}.");
}
