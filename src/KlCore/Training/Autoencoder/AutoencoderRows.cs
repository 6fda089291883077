using KlCore.Networks;

namespace KlCore.Training.Autoencoder;

/// <summary>All rows, scaled, and which of them train.</summary>
internal sealed class AutoencoderRows
{
    private readonly FloatBuffer _values;
    private readonly bool _isClamped;

    private AutoencoderRows(int count, int width, int[] training, int[] heldOut, ColumnScaling scaling, bool isClamped)
    {
        (Width, Training, HeldOut, Scaling, _isClamped) = (width, training, heldOut, scaling, isClamped);
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

    /// <summary>Whether some number is between 0 and 1 once scaled.</summary>
    public bool HasFractions
    {
        get
        {
            foreach (var value in _values.Span)
                if (value is > 0 and < 1) return true;
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
        var prepared = new AutoencoderRows(rows.Length, width, training, heldOut, ColumnScaling.Of(how, rows, training), specification.Reconstruction.NeedsUnitInterval) { ImageWidth = image };
        for (var i = 0; i < rows.Length; i++) prepared.Scaling.Apply(rows[i], prepared._values.Span.Slice(i * width, width));

        return prepared;
    }

    /// <summary>A row, scaled. One that did not train may go beyond the interval of those that did.</summary>
    public ReadOnlySpan<float> Scaled(int row) => _values.Span.Slice(row * Width, Width);

    /// <summary>Copies some rows into a batch, cut to the interval from 0 to 1 where the reconstruction needs that.</summary>
    public void Gather(ReadOnlySpan<int> chosen, Batch batch)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            var row = batch[i];
            Scaled(chosen[i]).CopyTo(row);
            if (!_isClamped) continue;
            foreach (ref var value in row) value = Math.Clamp(value, 0, 1);
        }
    }

    private static int? SideOfSquare(int width) => (int)Math.Round(Math.Sqrt(width)) is >= 4 and var side && side * side == width ? side : null;
}
