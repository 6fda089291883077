using KlCore.Networks;

namespace KlCore.Training.Supervised;

/// <summary>The inputs of all examples as a network takes them, and which of them train it.</summary>
internal sealed class Examples
{
    private readonly FloatBuffer _inputs;

    private Examples(int count, int width, int[] training, int[] heldOut, ColumnScaling scaling)
    {
        (Count, Width, Training, HeldOut, Scaling) = (count, width, training, heldOut, scaling);
        _inputs = new FloatBuffer(checked(count * width));
    }

    /// <summary>How many examples there are.</summary>
    public int Count { get; }

    /// <summary>How many numbers each has.</summary>
    public int Width { get; }

    /// <summary>The examples that train, ascending.</summary>
    public int[] Training { get; }

    /// <summary>Those that are held out to judge it by, ascending.</summary>
    public int[] HeldOut { get; }

    /// <summary>How the inputs were scaled.</summary>
    public ColumnScaling Scaling { get; }

    /// <summary>Those by which the result is judged: held-out ones where there are any.</summary>
    public int[] Judged => HeldOut.Length > 0 ? HeldOut : Training;

    /// <summary>The scaled examples.</summary>
    public static Examples Of(double[][] rows, (int[] Training, int[] HeldOut) split, Scaling how)
    {
        var width = rows[0].Length;
        var examples = new Examples(rows.Length, width, split.Training, split.HeldOut, ColumnScaling.Of(how, rows, split.Training));
        for (var i = 0; i < rows.Length; i++) examples.Scaling.Apply(rows[i], examples._inputs.Span.Slice(i * width, width));
        return examples;
    }

    /// <summary>Copies the inputs of some examples into a batch.</summary>
    public void Gather(ReadOnlySpan<int> chosen, Batch batch)
    {
        var all = _inputs.Span;
        for (var i = 0; i < chosen.Length; i++) all.Slice(chosen[i] * Width, Width).CopyTo(batch[i]);
    }
}
