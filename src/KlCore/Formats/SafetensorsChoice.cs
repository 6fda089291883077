namespace KlCore.Formats;

/// <summary>Finds the tensor that is meant.</summary>
internal static class SafetensorsChoice
{
    private const int MostNames = 20;

    /// <summary>The tensor of that name, or without a name the only one that fits.</summary>
    /// <param name="header">The tensors there are.</param>
    /// <param name="name">The name, or null.</param>
    /// <param name="fits">Whether a tensor could be meant.</param>
    /// <param name="kind">What fits, in words.</param>
    public static SafetensorsEntry Of(SafetensorsHeader header, string? name, Func<SafetensorsEntry, bool> fits, string kind)
    {
        var fitting = header.Tensors.Where(fits).ToArray();
        if (name is null)
            return fitting.Length == 1
                ? fitting[0]
                : throw NotFound(header, $"the file must hold exactly one tensor {kind}, or the tensor must be named; it holds {fitting.Length}");
        var tensor = header.Tensors.FirstOrDefault(entry => entry.Name == name)
            ?? throw NotFound(header, $"the file must hold the tensor {SafetensorsHeader.Quote(name)}");
        return fitting.Contains(tensor)
            ? tensor
            : throw new MalformedDataException(
                "tensor-type", $"the tensor {SafetensorsHeader.Quote(name)} must be {kind}, it is {Describe(tensor)}", header.DataOffset);
    }

    private static MalformedDataException NotFound(SafetensorsHeader header, string message)
    {
        var names = string.Join(", ", header.Tensors.Take(MostNames).Select(entry => $"{SafetensorsHeader.Quote(entry.Name)} {Describe(entry)}"));
        if (header.Tensors.Count > MostNames) names += $" and {header.Tensors.Count - MostNames} more";
        return new MalformedDataException("tensor-not-found", $"{message}. There are: {(names.Length == 0 ? "none" : names)}", header.DataOffset);
    }

    private static string Describe(SafetensorsEntry entry) => $"{entry.DataType} [{string.Join(", ", entry.Shape)}]";
}
