using KlCore.Formats;

namespace KlCore.Logits;

/// <summary>What is computed of each pair of rows.</summary>
public sealed record RowOptions
{
    /// <summary>What both sides' logits are divided by.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The sizes of top-k lists to compare, at most <see cref="Position.TopKLimit"/> of them, each 1 to 1000.</summary>
    public IReadOnlyList<int> TopK { get; init; } = [];

    /// <summary>Whether both divergences and the top tokens with their probabilities are all that is wanted, which takes one look at the rows only.</summary>
    public bool IsOnlyDivergences { get; init; }

    /// <summary>Whether the numbers of llama.cpp are wanted too.</summary>
    public bool LlamaCpp { get; init; }

    /// <summary>Whether p's logits are log-probabilities that llama.cpp stored already; else they are rounded to its 16 bits first.</summary>
    public bool IsStoredByLlamaCpp { get; init; }

    /// <summary>How many threads may work; the results do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What a report needs of each row, on all processors.</summary>
    /// <param name="options">How the report is made.</param>
    /// <param name="p">The reference's rows.</param>
    public static RowOptions Of(ReportOptions options, LogitsShape p) => new()
    {
        Temperature = options.Temperature,
        TopK = options.TopK,
        LlamaCpp = options.Compatibility == Compatibility.LlamaCpp,
        IsStoredByLlamaCpp = p.Format == LogitsFormat.Kld,
        Threads = Environment.ProcessorCount,
    };
}
