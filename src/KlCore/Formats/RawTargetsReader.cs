namespace KlCore.Formats;

/// <summary>Reads targets that lie in a file as whole numbers one after the other, behind a header.</summary>
internal abstract class RawTargetsReader : TargetsReader
{
    private NpyElement? _element;
    private long _offset, _begin, _dataEnd, _end;

    /// <summary>What the codes of failures begin with.</summary>
    private protected abstract string Name { get; }

    /// <inheritdoc/>
    public sealed override void Append(ReadOnlySpan<byte> bytes)
    {
        if (_element is null) Step(ref bytes, ReadHeader(bytes));
        if (_element is not { } element) return;
        Step(ref bytes, Within(bytes, _begin));
        var data = bytes[..Within(bytes, _dataEnd)];
        Numbers.Append(data, element, _offset);
        Step(ref bytes, data.Length);
        Step(ref bytes, Within(bytes, _end));
        if (!bytes.IsEmpty) throw new MalformedDataException($"{Name}-trailing", "nothing may follow the announced numbers", _end);
    }

    /// <summary>Takes bytes of the header; when it is whole, <see cref="Begin"/> is called and no more is taken.</summary>
    private protected abstract int ReadHeader(ReadOnlySpan<byte> source);

    /// <summary>Says what the header told.</summary>
    private protected void Begin(NpyElement element, long count, long headerEnd, long before = 0, long behind = 0)
    {
        if (count == 0) throw new MalformedDataException("no-rows", "there must be at least one target, one of the dimensions is 0", headerEnd);
        _element = element;
        _begin = checked(headerEnd + before);
        _dataEnd = checked(_begin + count * element.Size);
        _end = checked(_dataEnd + behind);
    }

    private protected sealed override void Finish()
    {
        if (_element is null)
            throw new MalformedDataException(_offset == 0 ? "empty" : $"{Name}-truncated", "the data must hold a header, it ends within it", _offset);
        if (_offset < _end)
            throw new MalformedDataException($"{Name}-truncated", $"the header announces {_end} bytes in all, there were {_offset}", _offset);
    }

    private int Within(ReadOnlySpan<byte> bytes, long end) => (int)Math.Clamp(end - _offset, 0, bytes.Length);

    private void Step(ref ReadOnlySpan<byte> bytes, int length)
    {
        bytes = bytes[length..];
        _offset += length;
    }
}

/// <summary>Reads targets from a NumPy array.</summary>
internal sealed class NpyTargetsReader : RawTargetsReader
{
    private readonly NpyStart _start = new();

    private protected override string Name => "npy";

    private protected override int ReadHeader(ReadOnlySpan<byte> source)
    {
        var taken = _start.Take(source);
        if (_start.Header is not { } header) return taken;
        if (header.Element.Kind is not ('i' or 'u'))
            throw new MalformedDataException("npy-type", $"targets must be whole numbers (i1 to i8, u1 to u8), are of type '{header.Element}'", header.DataOffset);
        Begin(header.Element, header.Count, header.DataOffset);
        return taken;
    }

    /// <summary>What stands in Fortran order is put into C order: the last index fastest.</summary>
    private protected override int[] Arrange(int[] targets)
    {
        var shape = _start.Header!.Shape;
        if (!_start.Header.FortranOrder || shape.Count < 2) return targets;
        var arranged = new int[targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            var (index, stride, place) = (i, targets.Length, 0L);
            for (var dimension = shape.Count - 1; dimension >= 0; dimension--)
            {
                stride /= (int)shape[dimension];
                place += index % shape[dimension] * stride;
                index /= (int)shape[dimension];
            }
            arranged[i] = targets[place];
        }
        return arranged;
    }
}

/// <summary>Reads targets from one tensor of a safetensors file.</summary>
internal sealed class SafetensorsTargetsReader(string? tensor) : RawTargetsReader
{
    private readonly SafetensorsStart _start = new();

    private protected override string Name => "safetensors";

    private protected override int ReadHeader(ReadOnlySpan<byte> source)
    {
        var taken = _start.Take(source);
        if (_start.Header is not { } header) return taken;
        var chosen = SafetensorsChoice.Of(header, tensor, entry => entry.DataType is "I32" or "I64", "of I32 or I64");
        var element = NpyElement.Parse(chosen.DataType == "I32" ? "<i4" : "<i8", 0);
        Begin(element, (chosen.End - chosen.Begin) / element.Size, header.DataOffset, chosen.Begin, header.DataLength - chosen.End);
        return taken;
    }
}
