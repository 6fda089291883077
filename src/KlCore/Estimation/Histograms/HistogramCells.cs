namespace KlCore.Estimation.Histograms;

/// <summary>Which cell of a histogram each point lies in. Only cells that hold a point have a number, however many there are.</summary>
internal sealed class HistogramCells
{
    private HistogramCells(int[] cells, double all, int occupied, BinEdges[] axes, int outside) => (Cells, All, Occupied, Axes, Outside) = (cells, all, occupied, axes, outside);

    /// <summary>The number of each point's cell.</summary>
    public int[] Cells { get; }

    /// <summary>How many cells there are, empty ones too.</summary>
    public double All { get; }

    /// <summary>How many hold a point.</summary>
    public int Occupied { get; }

    /// <summary>The bins of each coordinate.</summary>
    public BinEdges[] Axes { get; }

    /// <summary>How many coordinates lay outside the range that was asked for.</summary>
    public int Outside { get; }

    /// <summary>The volume of the cell with this number of one point in it.</summary>
    public double LogVolume(ReadOnlySpan<double> point)
    {
        var sum = 0.0;
        for (var d = 0; d < Axes.Length; d++)
        {
            var bin = Axes[d].Find(point[d]);
            sum += Math.Log(Axes[d].Edges[bin + 1] - Axes[d].Edges[bin]);
        }

        return sum;
    }

    /// <summary>Puts points into cells whose bins follow from all of them.</summary>
    /// <param name="coordinates">The points, one after the other.</param>
    /// <param name="dimension">How many coordinates each has.</param>
    /// <param name="rule">How many bins each coordinate has.</param>
    /// <param name="range">The range of every coordinate; null for where the points are.</param>
    public static HistogramCells Of(double[] coordinates, int dimension, BinRule rule, (double Low, double High)? range)
    {
        var count = coordinates.Length / dimension;
        var axes = new BinEdges[dimension];
        var cells = new long[count];
        var (all, outside) = (1.0, 0);
        for (var d = 0; d < dimension; d++)
        {
            var values = new double[count];
            for (var i = 0; i < count; i++) values[i] = coordinates[i * dimension + d];
            var sorted = (double[])values.Clone();
            Array.Sort(sorted);
            axes[d] = BinEdges.Of(sorted, rule, range, dimension);
            all *= axes[d].Count;
            for (var i = 0; i < count; i++) cells[i] = cells[i] * axes[d].Count + axes[d].Find(values[i]);
            if (range is var (low, high)) outside += values.Count(value => value < low || value > high);
        }

        var numbers = new Dictionary<long, int>();
        var numbered = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (!numbers.TryGetValue(cells[i], out var number)) numbers.Add(cells[i], number = numbers.Count);
            numbered[i] = number;
        }

        return new HistogramCells(numbered, all, numbers.Count, axes, outside);
    }

    /// <summary>How many of the selected points lie in each cell.</summary>
    public double[] Count(ReadOnlySpan<int> places)
    {
        var counts = new double[Occupied];
        foreach (var place in places) counts[Cells[place]]++;
        return counts;
    }

    /// <summary>What is to be told of the bins: their number, and on a line where they lie.</summary>
    public Dictionary<string, double> Details()
    {
        var details = new Dictionary<string, double> { ["cells"] = All, ["occupied"] = Occupied };
        for (var d = 0; d < Axes.Length; d++)
        {
            var suffix = Axes.Length == 1 ? "" : $"{d + 1}";
            details[$"bins{suffix}"] = Axes[d].Count;
            details[$"low{suffix}"] = Axes[d].Edges[0];
            details[$"high{suffix}"] = Axes[d].Edges[^1];
        }

        return details;
    }
}
