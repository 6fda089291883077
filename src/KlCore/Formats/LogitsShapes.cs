namespace KlCore.Formats;

/// <summary>The shape of logits from the dimensions of an array, within what is read.</summary>
internal static class LogitsShapes
{
    /// <summary>The last dimension is the vocabulary, the product of the others the number of rows.</summary>
    /// <param name="format">The format of the file.</param>
    /// <param name="element">How numbers are stored.</param>
    /// <param name="dimensions">At least one; the product is within 64 bits.</param>
    /// <param name="offset">Where failures are said to be.</param>
    public static LogitsShape Of(LogitsFormat format, ElementType element, IReadOnlyList<long> dimensions, long offset)
    {
        long rows = 1;
        for (var i = 0; i < dimensions.Count - 1; i++) rows = checked(rows * dimensions[i]);
        return Of(format, element, dimensions[^1], rows, offset);
    }

    /// <summary>Checks the vocabulary and the number of rows.</summary>
    public static LogitsShape Of(LogitsFormat format, ElementType element, long vocabulary, long rows, long offset)
    {
        if (rows == 0 || vocabulary == 0) throw new MalformedDataException("no-rows", "there must be at least one logit, one of the dimensions is 0", offset);
        if (vocabulary > LogitsReader.MaximumVocabulary)
            throw new MalformedDataException(
                "vocabulary-too-large", $"the vocabulary (the last dimension) must be at most {LogitsReader.MaximumVocabulary}, was {vocabulary}", offset);
        if (rows > LogitsReader.MaximumRows)
            throw new MalformedDataException("too-many-rows", $"there must be at most {LogitsReader.MaximumRows} rows, were {rows}", offset);
        return new LogitsShape(format, element, (int)vocabulary, rows) { DataType = element.ToString().ToLowerInvariant() };
    }
}
