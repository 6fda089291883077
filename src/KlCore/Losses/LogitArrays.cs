using System.Text.Json.Serialization;

namespace KlCore.Losses;

/// <summary>
/// Rows of logits: positions, or sequences of positions. As JSON <c>[positions][vocabulary]</c> or <c>[sequences][positions][vocabulary]</c>; sequences may have
/// different lengths. A row may be null where there is nothing to say of a position, which only answers have.
/// </summary>
[JsonConverter(typeof(LogitArraysConverter))]
public sealed class LogitArrays
{
    private readonly int[]? _ends;

    /// <summary>Positions without sequences.</summary>
    public LogitArrays(double[]?[] rows) => Rows = rows;

    /// <summary>Sequences; <paramref name="lengths"/> tells how many of the rows each has.</summary>
    public LogitArrays(double[]?[] rows, IReadOnlyList<int> lengths)
    {
        Rows = rows;
        _ends = new int[lengths.Count];
        for (var (i, end) = (0, 0); i < _ends.Length; i++) _ends[i] = end += lengths[i];
    }

    /// <summary>All rows, one sequence after the other.</summary>
    public double[]?[] Rows { get; }

    /// <summary>Whether the rows are grouped into sequences.</summary>
    public bool HasSequences => _ends is not null;

    /// <summary>How many sequences there are, or rows if there are none: what frameworks call <c>size(0)</c>.</summary>
    public int OuterCount => _ends?.Length ?? Rows.Length;

    /// <summary>How many rows each sequence has; one for each row where there are no sequences.</summary>
    public int[] Lengths => _ends is null ? [.. Enumerable.Repeat(1, Rows.Length)] : [.. _ends.Select((end, i) => i == 0 ? end : end - _ends[i - 1])];

    /// <summary>Other rows in the same sequences.</summary>
    public LogitArrays With(double[]?[] rows) => _ends is null ? new(rows) : new(rows, Lengths);

    /// <summary>Where problems of a row go, seen from the arrays.</summary>
    public Problems At(Problems problems, int row)
    {
        if (_ends is null) return problems.At(row);
        var sequence = Array.FindIndex(_ends, end => row < end);
        return problems.At(sequence).At(row - (sequence == 0 ? 0 : _ends[sequence - 1]));
    }
}

/// <summary>The token that follows each position: <c>[positions]</c>, or <c>[sequences][positions]</c>, in the shape of the logits.</summary>
[JsonConverter(typeof(TokenArraysConverter))]
public sealed class TokenArrays
{
    /// <summary>Positions without sequences.</summary>
    public TokenArrays(int[] tokens) => Tokens = tokens;

    /// <summary>Sequences, each with its own positions.</summary>
    public TokenArrays(IReadOnlyList<int[]> sequences) => (Tokens, Lengths) = ([.. sequences.SelectMany(tokens => tokens)], [.. sequences.Select(tokens => tokens.Length)]);

    /// <summary>All tokens, one sequence after the other.</summary>
    public int[] Tokens { get; }

    /// <summary>How many tokens each sequence has; null without sequences.</summary>
    public int[]? Lengths { get; }

    /// <summary>Where problems of a token go, seen from the arrays.</summary>
    public Problems At(Problems problems, int token)
    {
        if (Lengths is null) return problems.At(token);
        var sequence = 0;
        for (; token >= Lengths[sequence]; sequence++) token -= Lengths[sequence];
        return problems.At(sequence).At(token);
    }
}
