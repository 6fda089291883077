namespace KlCore.Networks.Objectives;

/// <summary>(y - t)^2.</summary>
internal static class SquaredError
{
    /// <summary>The mean over all numbers of all rows, and its derivative 2 (y - t) / (rows * width).</summary>
    public static double Evaluate(Batch outputs, Batch targets, Batch gradient)
    {
        double total = 0;
        var scale = 2f / outputs.Values.Length;
        for (var i = 0; i < outputs.Values.Length; i++)
        {
            var difference = outputs.Values[i] - targets.Values[i];
            total += (double)difference * difference;
            if (!gradient.Values.IsEmpty) gradient.Values[i] = scale * difference;
        }

        return total / outputs.Values.Length;
    }
}
