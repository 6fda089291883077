using KlCore.Networks;

namespace KlCore.Training.Autoencoder;

/// <summary>All rows, scaled, and which of them train.</summary>
internal sealed class AutoencoderRows
{
    private readonly FloatBuffer _values;

    private AutoencoderRows(int count, int width, int[] training, int[] heldOut, ColumnScaling scaling)
    {
        (Width, Training, HeldOut, Scaling) = (width, training, heldOut, scaling);
        _values = new FloatBuffer(checked(count * width));
    }

    /// <summary>How many numbers a row has.</summary>
    public int Width { get; }

    /// <summary>The rows that train, ascending.</summary>
    public int[] Training { get; }

    /// <summary>Those that are held out, ascending.</summary>
    public int[] HeldOut { get; }

    /// <summary>How they were scaled.</summary>
    public ColumnScaling Scaling { get; }

    /// <summary>Those by which the result is judged: held-out ones where there are any.</summary>
    public int[] Judged => HeldOut.Length > 0 ? HeldOut : Training;

    /// <summary>Pixels in a line, where a row is a picture.</summary>
    public int? ImageWidth { get; private init; }

    /// <summary>Whether some scaled number is neither 0 nor 1.</summary>
    public bool HasFractions
    {
        get
        {
            foreach (var value in _values.Span)
                if (value is not (0 or 1)) return true;
            return false;
        }
    }

    /// <summary>Splits and scales the rows.</summary>
    public static AutoencoderRows Of(AutoencoderSpecification specification, double[][] rows)
    {
        var (training, heldOut) = EpochOrder.Split(rows.Length, specification.ValidationFraction, specification.Seed);
        var width = rows[0].Length;
        var image = specification.ImageWidth ?? SideOfSquare(width);
        var how = specification.Scaling ?? specification.Reconstruction.UsualScaling(image is not null);
        var prepared = new AutoencoderRows(rows.Length, width, training, heldOut, ColumnScaling.Of(how, rows, training)) { ImageWidth = image };
        for (var i = 0; i < rows.Length; i++) prepared.Scaling.Apply(rows[i], prepared._values.Span.Slice(i * width, width), specification.Reconstruction.NeedsUnitInterval);

        return prepared;
    }

    /// <summary>Copies some rows into a batch.</summary>
    public void Gather(ReadOnlySpan<int> chosen, Batch batch)
    {
        for (var i = 0; i < chosen.Length; i++) _values.Span.Slice(chosen[i] * Width, Width).CopyTo(batch[i]);
    }

    private static int? SideOfSquare(int width) => (int)Math.Round(Math.Sqrt(width)) is >= 4 and var side && side * side == width ? side : null;
}
