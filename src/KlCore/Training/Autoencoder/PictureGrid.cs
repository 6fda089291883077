namespace KlCore.Training.Autoencoder;

/// <summary>Many small pictures as one, with blank lines between them.</summary>
internal static class PictureGrid
{
    /// <summary>The lines of the large picture; what is blank is NaN.</summary>
    /// <param name="images">Pictures of one size, line after line; an empty one leaves its place blank.</param>
    /// <param name="width">Pixels in a line of a small one.</param>
    /// <param name="perLine">Pictures beside each other.</param>
    public static double[][] Of(IReadOnlyList<double[]> images, int width, int perLine)
    {
        var height = images.Max(image => image.Length) / width;
        var lines = (images.Count + perLine - 1) / perLine;
        var grid = new double[lines * (height + 1) - 1][];
        for (var y = 0; y < grid.Length; y++)
        {
            grid[y] = new double[perLine * (width + 1) - 1];
            Array.Fill(grid[y], double.NaN);
            var (line, row) = (y / (height + 1), y % (height + 1));
            if (row == height) continue;
            for (var i = line * perLine; i < Math.Min((line + 1) * perLine, images.Count); i++)
                images[i].AsSpan(Math.Min(row * width, images[i].Length), images[i].Length == 0 ? 0 : width).CopyTo(grid[y].AsSpan((i % perLine) * (width + 1)));
        }

        return grid;
    }
}
