using System.Buffers.Binary;
using System.Text.Json;

namespace KlCore.Formats;

/// <summary>A named array of doubles with a shape, row by row.</summary>
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
}

/// <summary>
/// Files in the safetensors layout, of 64-bit floats only: eight bytes with the length of a JSON header, the header, then the numbers,
/// little endian and without gaps. What checkpoints and fitted models are kept in.
/// </summary>
/// <remarks>https://github.com/huggingface/safetensors#format</remarks>
public static class SafeTensors
{
    private const int MaximumHeader = 1 << 20;

    /// <summary>The bytes of a file with these tensors, in this order. Equal tensors give equal bytes.</summary>
    public static byte[] Write(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = Header(tensors, metadata);
        var padded = (header.Length + 7) / 8 * 8;
        var file = new byte[8 + padded + tensors.Sum(tensor => 8 * tensor.Values.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        header.CopyTo(file, 8);
        file.AsSpan(8 + header.Length, padded - header.Length).Fill((byte)' ');
        var data = file.AsSpan(8 + padded);
        foreach (var value in tensors.SelectMany(tensor => tensor.Values))
        {
            BinaryPrimitives.WriteDoubleLittleEndian(data, value);
            data = data[8..];
        }

        return file;
    }

    /// <summary>
    /// The tensors of a file, by name. Refused with an <see cref="InvalidInputException"/>: other data types, gaps, overlaps, missing or
    /// surplus bytes, duplicate names, shapes that do not fit their bytes.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor> Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8) throw Malformed("is shorter than its length field");
        var length = BinaryPrimitives.ReadInt64LittleEndian(file.Span);
        if (length is < 2 or > MaximumHeader || length > file.Length - 8) throw Malformed($"announces a header of {length} bytes");
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)length), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(header.RootElement, file[(8 + (int)length)..].Span);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Malformed("has a header that is not in the safetensors form");
        }
    }

    private static Dictionary<string, Tensor> Read(JsonElement header, ReadOnlySpan<byte> data)
    {
        var tensors = new Dictionary<string, Tensor>();
        var entries = header.EnumerateObject().Where(entry => entry.Name != "__metadata__")
            .Select(entry => (entry.Name, entry.Value, Offsets: Offsets(entry.Name, entry.Value)))
            .OrderBy(entry => entry.Offsets.Begin).ToArray();
        long end = 0;
        foreach (var (name, value, offsets) in entries)
        {
            var tensor = Describe(name, value, data.Length);
            var next = offsets.Begin + 8L * tensor.Values.Length;
            if (offsets != (end, next) || next > data.Length)
                throw Malformed($"has a tensor \"{name}\" whose bytes do not follow on from {end} or do not fit its shape");
            for (var i = 0; i < tensor.Values.Length; i++) tensor.Values[i] = BinaryPrimitives.ReadDoubleLittleEndian(data[(int)(end + 8 * i)..]);
            tensors.Add(name, tensor);
            end = next;
        }

        return end == data.Length ? tensors : throw Malformed($"has {data.Length - end} surplus bytes");
    }

    private static (long Begin, long End) Offsets(string name, JsonElement value)
    {
        var offsets = value.GetProperty("data_offsets");
        return offsets.GetArrayLength() == 2 ? (offsets[0].GetInt64(), offsets[1].GetInt64()) : throw Malformed($"has a tensor \"{name}\" without two offsets");
    }

    private static Tensor Describe(string name, JsonElement value, int available)
    {
        if (value.GetProperty("dtype").GetString() != "F64") throw Malformed($"has a tensor \"{name}\" that is not of type F64");
        int[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())];
        long count = 1;
        foreach (var extent in shape)
        {
            count *= extent;
            if (extent < 0 || count > available / 8) throw Malformed($"has a tensor \"{name}\" of a shape that its bytes cannot fill");
        }

        return new Tensor(name, shape, new double[count]);
    }

    private static byte[] Header(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new Dictionary<string, object>();
        if (metadata is { Count: > 0 }) header.Add("__metadata__", metadata);
        long begin = 0;
        foreach (var tensor in tensors)
        {
            var end = begin + 8L * tensor.Values.Length;
            header.Add(tensor.Name, new Dictionary<string, object> { ["dtype"] = "F64", ["shape"] = tensor.Shape, ["data_offsets"] = new[] { begin, end } });
            begin = end;
        }

        return JsonSerializer.SerializeToUtf8Bytes(header);
    }

    private static InvalidInputException Malformed(string what) => new("", $"The safetensors file {what}.");
}
