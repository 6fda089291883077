namespace KlCore.Logits.Reports;

/// <summary>One number of every position.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IsWhole">Whether it is a count, an index or a token.</param>
/// <param name="Of">Its value at a row.</param>
public sealed record PositionColumn(string Name, bool IsWhole, Func<long, Position, double> Of);

/// <summary>What is told of each position, in the unit of the report.</summary>
public static class PositionColumns
{
    /// <summary>The columns of a comparison.</summary>
    /// <param name="options">How it was made.</param>
    /// <param name="plan">Where rows stand in their chunks.</param>
    /// <param name="hasTargets">Whether the next tokens are known.</param>
    public static IReadOnlyList<PositionColumn> Of(ReportOptions options, RowPlan plan, bool hasTargets)
    {
        var unit = options.Unit.FromNats(1);
        List<PositionColumn> columns = [new("row", true, (row, _) => row)];
        if (plan.ChunkRows is { } chunk)
        {
            columns.Add(new("chunk", true, (row, _) => row / chunk));
            columns.Add(new("offset", true, (row, _) => row % chunk));
        }

        columns.AddRange(
        [
            new("forward", false, (_, position) => position.Forward * unit),
            new("reverse", false, (_, position) => position.Reverse * unit),
            new("jensenShannon", false, (_, position) => position.JensenShannon * unit),
            new("totalVariation", false, (_, position) => position.TotalVariation),
            new("hellinger", false, (_, position) => position.Hellinger),
            new("entropyP", false, (_, position) => position.EntropyP * unit),
            new("entropyQ", false, (_, position) => position.EntropyQ * unit),
            new("noiseFloor", false, (_, position) => position.NoiseFloor * unit),
            new("topP", true, (_, position) => position.TopP),
            new("topQ", true, (_, position) => position.TopQ),
            new("topProbabilityP", false, (_, position) => position.TopProbabilityP),
            new("topProbabilityQ", false, (_, position) => position.TopProbabilityQ),
            new("rank", true, (_, position) => position.RankInQ),
        ]);
        for (var i = 0; i < options.TopK.Count; i++)
        {
            var index = i;
            columns.Add(new($"overlap{options.TopK[i]}", true, (_, position) => position.Overlap[index]));
        }

        if (!hasTargets) return columns;
        columns.Add(new("target", true, (_, position) => position.Target));
        columns.Add(new("logProbabilityP", false, (_, position) => position.TargetLogP * unit));
        columns.Add(new("logProbabilityQ", false, (_, position) => position.TargetLogQ * unit));
        return columns;
    }
}
