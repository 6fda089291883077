using System.Buffers;
using System.Runtime.InteropServices;
using KlCore.Formats;

namespace KlCore.Training.LanguageModel;

/// <summary>What a model says at the first held-out positions, and what follows there: logits that are normalised, ln p of every token.</summary>
/// <param name="Baseline">What they are to be called, if they are to be a baseline.</param>
/// <param name="Npy">The rows, as a NumPy array of floats.</param>
/// <param name="Targets">The token that follows each row.</param>
public sealed record HeldOutLogits(string? Baseline, ReadOnlyMemory<byte> Npy, IReadOnlyList<int> Targets)
{
    /// <summary>The targets as a NumPy array of 32-bit whole numbers.</summary>
    public ReadOnlyMemory<byte> TargetsNpy() => (byte[])[.. NpyPreamble.Of("'<i4'", Targets.Count), .. MemoryMarshal.AsBytes<int>(Targets.ToArray())];

    /// <summary>Asks the model.</summary>
    internal static HeldOutLogits Of(TokenStream stream, TokenModel model, KeptLogits kept)
    {
        var (from, vocabulary) = (stream.TrainingLength, model.Vocabulary);
        var to = Math.Min(from + kept.Rows, stream.Tokens.Length);
        var shape = new LogitsShape(LogitsFormat.Npy, ElementType.F32, vocabulary, to - from) { DataType = "f32" };
        var writer = LogitsWriter.Create(LogitsFormat.Npy, new LogitsContent(shape, to - from));
        var output = new ArrayBufferWriter<byte>((int)writer.Length!.Value);
        writer.Start(output);
        var rows = new float[model.Stride * vocabulary];
        for (var position = from; position < to; position += model.Stride)
        {
            var end = Math.Min(position + model.Stride, to);
            var block = rows.AsSpan(0, (end - position) * vocabulary);
            model.PredictStream(stream.Tokens, position, end, block);
            writer.Write(MemoryMarshal.AsBytes(block), output);
        }

        writer.Complete();
        return new HeldOutLogits(kept.Baseline, output.WrittenMemory, stream.Tokens[from..to]);
    }
}

/// <summary>What a language model's run leaves.</summary>
/// <param name="Model">Its result.</param>
/// <param name="Artifacts">Its files.</param>
/// <param name="Logits">The rows that were to be kept.</param>
public sealed record LanguageModelOutcome(LanguageModelResult Model, IReadOnlyList<Artifact> Artifacts, HeldOutLogits? Logits) : TrainingOutcome(Model, Artifacts);
