using System.Text.Json.Serialization;
using KlCore.Policies;

namespace KlCore.Texts.Perplexities;

/// <summary>
/// How well a model foretells a text: perplexity e^(mean of -ln p) of its tokens, and what does not depend on how text is cut into tokens, bits per byte. Rows are
/// sentences; <see cref="Documents"/> says which belong together.
/// </summary>
public sealed record Perplexity : IChecked
{
    private const double LargestCount = 9007199254740992;

    /// <summary>ln p of each token, at most 0; "-Infinity" where the model deemed it impossible. Arrays of arrays are sentences, a plain array is one.</summary>
    public required TokenRows LogProbabilities { get; init; }

    /// <summary>How many bytes of UTF-8 each sentence has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Bytes { get; init; }

    /// <summary>Which document each sentence is of; unless stated each stands for itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? Documents { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        var rows = LogProbabilities.Rows;
        if (rows.All(row => row.Length == 0)) problems.Add("logProbabilities", "must have at least 1 token, had none");
        for (var row = 0; row < rows.Length; row++)
            for (var token = 0; token < rows[row].Length; token++)
                if (!(rows[row][token] <= 0)) LogProbabilities.At(problems.At("logProbabilities"), row, token).Add($"must be at most 0, was {rows[row][token]:R}");
        if (Bytes is not null && Bytes.Length != rows.Length) problems.Add("bytes", $"must have one number for each of the {rows.Length} sentences, had {Bytes.Length}");
        if (Documents is not null && Documents.Length != rows.Length) problems.Add("documents", $"must have one number for each of the {rows.Length} sentences, had {Documents.Length}");
        for (var i = 0; i < Bytes?.Length; i++)
            if (!(Bytes[i] >= 0 && Bytes[i] <= LargestCount && Bytes[i] == Math.Floor(Bytes[i]))) problems.At("bytes").At(i).Add($"must be a whole number of at least 0, was {Bytes[i]:R}");
        if (Bytes is { Length: > 0 } && Array.TrueForAll(Bytes, count => count == 0)) problems.Add("bytes", "must count at least 1 byte, counted none");
    }

    /// <summary>Measures.</summary>
    public PerplexityAnswer Measure()
    {
        var problems = new Problems();
        Check(problems);
        problems.ThrowIfAny();
        var sentences = LogProbabilities.Rows.Select((row, i) => Sentence.Of(row, Bytes?[i] ?? 0, Documents?[i] ?? i)).Where(sentence => sentence.Tokens > 0 || sentence.Bytes > 0).ToList();
        return PerplexityAnswer.Of(sentences, Bytes is not null, LogProbabilities.Rows.Sum(row => row.Count(value => value == -9999)));
    }
}

/// <summary>What one sentence adds.</summary>
/// <param name="Tokens">How many tokens it has.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Document">Which document it is of.</param>
/// <param name="Surprisal">The sum of -ln p.</param>
/// <param name="Squares">The sum of (ln p)^2.</param>
internal sealed record Sentence(int Tokens, double Bytes, int Document, double Surprisal, double Squares)
{
    public static Sentence Of(double[] row, double bytes, int document)
    {
        Numerics.CompensatedSum sum = default, squares = default;
        foreach (var value in row)
        {
            sum.Add(-value);
            squares.Add(value * value);
        }

        return new Sentence(row.Length, bytes, document, sum.Value + 0.0, squares.Value);
    }
}
