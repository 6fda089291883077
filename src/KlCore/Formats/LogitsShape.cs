using System.Security.Cryptography;
using System.Text;

namespace KlCore.Formats;

/// <summary>The formats that rows of logits come in.</summary>
public enum LogitsFormat
{
    /// <summary>A NumPy array, versions 1 to 3.</summary>
    Npy,

    /// <summary>One tensor of a safetensors file.</summary>
    Safetensors,

    /// <summary>What llama.cpp writes with <c>--kl-divergence-base</c>: log-probabilities in 16 bits.</summary>
    Kld,

    /// <summary>One JSON array of logits, or one object with them, per line.</summary>
    JsonLines,
}

/// <summary>What is known of logits before their rows are read. The leading dimensions of an array are flattened into rows.</summary>
/// <param name="Format">The format they are read from.</param>
/// <param name="Element">How the reader hands them out; files with the other order of bytes are turned round, kld rows are decoded to <see cref="ElementType.F32"/>.</param>
/// <param name="Vocabulary">Logits per row, from 1 to 2^21.</param>
/// <param name="Rows">How many rows are announced; null where only the end of the data tells (JSON lines).</param>
public sealed record LogitsShape(LogitsFormat Format, ElementType Element, int Vocabulary, long? Rows)
{
    /// <summary>Rows per chunk of text, where the format says so (kld); rows of one chunk are correlated.</summary>
    public int? ChunkRows { get; init; }

    /// <summary>The tensor that holds them, where the format has several.</summary>
    public string? Tensor { get; init; }

    /// <summary>How the file stores them, for people: "f16", "bf16", "f32", "f64", or "u16" (kld).</summary>
    public required string DataType { get; init; }

    /// <summary>Bytes of one row as the reader hands it out.</summary>
    public int RowBytes => Vocabulary * Element.Size();

    /// <summary>What tells these logits from all others: the hash of their file, or where it holds several tensors the hash of that and of the tensor's name.</summary>
    /// <param name="sha256">The hash of the file, 64 hexadecimal digits in lower case.</param>
    public string Identify(string sha256) => Tensor is null ? sha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sha256} {Tensor}")));
}
