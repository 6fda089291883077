namespace KlCore.Logits.Reports;

/// <summary>The numbers of a position whose means a report is made of.</summary>
internal enum Column
{
    Forward,
    Reverse,
    Jeffreys,
    JensenShannon,
    TotalVariation,
    Hellinger,
    EntropyP,
    EntropyQ,
    CrossForward,
    CrossReverse,
    NoiseFloor,
    RemovedP,
    RemovedQ,
    Top1,
    Rank,
    LossP,
    LossQ,
    LossDifference,
    TargetChange,
    SquaredTargetChange,
}

/// <summary>Reads the columns off a position.</summary>
internal static class Columns
{
    public static readonly int Count = Enum.GetValues<Column>().Length;

    /// <summary>The columns whose percentiles are told.</summary>
    public static readonly IReadOnlyList<Column> WithPercentiles =
        [Column.Forward, Column.Reverse, Column.Jeffreys, Column.JensenShannon, Column.TotalVariation, Column.Hellinger, Column.TargetChange];

    /// <summary>Whether a column is information, which has a unit.</summary>
    public static bool IsInformation(Column column) => column is not
        (Column.TotalVariation or Column.Hellinger or Column.RemovedP or Column.RemovedQ or Column.Top1 or Column.Rank or Column.TargetChange or Column.SquaredTargetChange);

    /// <summary>What no value of a column is below.</summary>
    public static double Least(Column column) => column switch
    {
        Column.TargetChange => -1,
        Column.LossDifference => double.NegativeInfinity,
        _ => 0,
    };

    /// <summary>One column; NaN where the position has no such number (no target, or infinity minus infinity).</summary>
    public static double Of(in Position position, Column column) => column switch
    {
        Column.Forward => position.Forward,
        Column.Reverse => position.Reverse,
        Column.Jeffreys => position.Forward + position.Reverse,
        Column.JensenShannon => position.JensenShannon,
        Column.TotalVariation => position.TotalVariation,
        Column.Hellinger => position.Hellinger,
        Column.EntropyP => position.EntropyP,
        Column.EntropyQ => position.EntropyQ,
        Column.CrossForward => position.EntropyP + position.Forward,
        Column.CrossReverse => position.EntropyQ + position.Reverse,
        Column.NoiseFloor => position.NoiseFloor,
        Column.RemovedP => position.RemovedP,
        Column.RemovedQ => position.RemovedQ,
        Column.Top1 => position.TopP == position.TopQ ? 1 : 0,
        Column.Rank => position.RankInQ,
        _ => position.Target < 0 ? double.NaN : OfTarget(position, column),
    };

    private static double OfTarget(in Position position, Column column)
    {
        var change = Math.Exp(position.TargetLogQ) - Math.Exp(position.TargetLogP);
        return column switch
        {
            Column.LossP => -position.TargetLogP,
            Column.LossQ => -position.TargetLogQ,
            Column.LossDifference => position.TargetLogP - position.TargetLogQ,
            Column.TargetChange => change,
            _ => change * change,
        };
    }
}
