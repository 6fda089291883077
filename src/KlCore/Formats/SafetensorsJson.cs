using System.Text.Json;

namespace KlCore.Formats;

/// <summary>Reads the JSON of a safetensors header, token by token: {"name": {"dtype", "shape", "data_offsets"}, …, "__metadata__": {text: text}}.</summary>
internal ref struct SafetensorsJson(ReadOnlySpan<byte> json)
{
    private const int MaximumDimensions = 64;

    private readonly int _first = json.Length > 0 ? json[0] : 0;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 4 });

    private readonly Dictionary<string, string> _metadata = [];

    /// <summary>What the text says beside the tensors, once they are read.</summary>
    public readonly IReadOnlyDictionary<string, string> Told => _metadata;

    /// <summary>The tensors in the order of the text.</summary>
    public List<SafetensorsEntry> Tensors()
    {
        if (_first != '{') throw new MalformedDataException("safetensors-header", "the header must begin with {", SafetensorsHeader.Preamble);
        try
        {
            var tensors = new List<SafetensorsEntry>();
            var names = new HashSet<string>();
            _reader.Read();
            while (Key() is { } name)
            {
                if (!names.Add(name)) throw Bad("safetensors-names", $"names must be different, {SafetensorsHeader.Quote(name)} stands twice");
                if (name == "__metadata__") Metadata();
                else if (tensors.Count == SafetensorsHeader.MaximumTensors)
                    throw Bad("safetensors-header", $"there must be at most {SafetensorsHeader.MaximumTensors} tensors");
                else tensors.Add(Tensor(name));
            }
            // Anything behind the object but blanks throws.
            _reader.Read();
            return tensors;
        }
        catch (JsonException)
        {
            throw Bad("safetensors-header", "the header must be one well-formed JSON object");
        }
        catch (InvalidOperationException)
        {
            // Text such as "\ud800": half of a surrogate pair, which no UTF-8 can hold.
            throw Bad("safetensors-header", "text in the header must be valid Unicode");
        }
    }

    /// <summary>The next key of the object, or null at its end.</summary>
    private string? Key()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.EndObject ? null : _reader.GetString();
    }

    private void Metadata()
    {
        Expect(JsonTokenType.StartObject, "__metadata__ must be an object of texts");
        while (Key() is { } key)
        {
            if (_metadata.ContainsKey(key)) throw Bad("safetensors-names", $"names must be different, {SafetensorsHeader.Quote(key)} stands twice in __metadata__");
            Expect(JsonTokenType.String, "__metadata__ must be an object of texts");
            _metadata.Add(key, _reader.GetString()!);
        }
    }

    private SafetensorsEntry Tensor(string name)
    {
        string? type = null;
        long[]? shape = null;
        Span<long> numbers = stackalloc long[MaximumDimensions];
        (long Begin, long End)? offsets = null;
        Expect(JsonTokenType.StartObject, "a tensor must be an object");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (type is null && _reader.ValueTextEquals("dtype"u8))
            {
                Expect(JsonTokenType.String, "dtype must be text");
                type = KnownType();
            }
            else if (shape is null && _reader.ValueTextEquals("shape"u8)) shape = numbers[..Numbers("shape", numbers)].ToArray();
            else if (offsets is null && _reader.ValueTextEquals("data_offsets"u8))
                offsets = Numbers("data_offsets", numbers[..2]) == 2 ? (numbers[0], numbers[1]) : throw Bad("safetensors-shape", "data_offsets must be two numbers");
            else
                throw Bad(
                    "safetensors-header",
                    "a tensor must have the keys dtype, shape and data_offsets, each once, "
                    + $"{SafetensorsHeader.Quote(name)} has {SafetensorsHeader.Quote(_reader.GetString()!)} beside them");
        }
        if (type is null || shape is null || offsets is not var (from, to))
            throw Bad("safetensors-header", $"a tensor must have dtype, shape and data_offsets, {SafetensorsHeader.Quote(name)} lacks one");
        CheckLength(name, type, shape, from, to);
        return new SafetensorsEntry(name, type, shape, from, to);
    }

    private readonly void CheckLength(string name, string type, long[] shape, long begin, long end)
    {
        // Each factor is below 2^63: the product is exact in 128 bits, and is looked at before the next one.
        Int128 count = 1;
        foreach (var dimension in shape)
            if ((count *= dimension) > long.MaxValue)
                throw Bad("safetensors-shape", $"the dimensions' product must be within 64 bits, that of {SafetensorsHeader.Quote(name)} overflows");
        var bits = count * Bits(type);
        if (end < begin || bits != (Int128)8 * (end - begin))
            throw Bad(
                "safetensors-shape",
                $"a tensor must have as many bytes as its shape asks for, {SafetensorsHeader.Quote(name)} has {(Int128)end - begin} for {bits} bits");
    }

    /// <summary>Reads an array of whole numbers; returns how many there are.</summary>
    private int Numbers(string what, scoped Span<long> numbers)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray) throw Bad("safetensors-header", $"{what} must be an array of whole numbers");
        var count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var number) || number < 0)
                throw Bad("safetensors-shape", $"{what} must hold whole numbers from 0 to 2^63 - 1");
            if (count == numbers.Length) throw Bad("safetensors-shape", $"{what} must hold at most {numbers.Length} numbers");
            numbers[count++] = number;
        }
        return count;
    }

    private readonly string KnownType()
    {
        foreach (var (name, _) in Types)
            if (_reader.ValueTextEquals(name)) return name;
        throw Bad("safetensors-type", $"a tensor's type must be one of the format's, was {SafetensorsHeader.Quote(_reader.GetString()!)}");
    }

    private static int Bits(string type)
    {
        foreach (var (name, bits) in Types)
            if (ReferenceEquals(name, type)) return bits;
        return 0;
    }

    private static readonly (string Name, int Bits)[] Types =
    [
        ("F64", 64), ("F32", 32), ("F16", 16), ("BF16", 16), ("I64", 64), ("I32", 32), ("I16", 16), ("I8", 8), ("U64", 64), ("U32", 32), ("U16", 16), ("U8", 8),
        ("BOOL", 8), ("C64", 64), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8), ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8), ("F6_E2M3", 6), ("F6_E3M2", 6), ("F4", 4),
    ];

    private void Expect(JsonTokenType type, string message)
    {
        _reader.Read();
        if (_reader.TokenType != type) throw Bad("safetensors-header", message);
    }

    private readonly MalformedDataException Bad(string code, string message) => new(code, $"header: {message}", SafetensorsHeader.Preamble + _reader.TokenStartIndex);
}
