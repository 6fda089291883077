namespace KlCore.Logits.Reports;

/// <summary>Means over some of the positions: those where p is about as confident, or those about as far into a chunk.</summary>
internal sealed class PartTotals
{
    /// <summary>The columns of one part.</summary>
    public const int ColumnCount = 3;

    public ColumnTotals Forward { get; private init; } = new(false);

    public ColumnTotals Reverse { get; private init; } = new(false);

    public ColumnTotals Top1 { get; private init; } = new(false);

    public void Add(in Position position)
    {
        Forward.Add(position.Forward);
        Reverse.Add(position.Reverse);
        Top1.Add(position.TopP == position.TopQ ? 1 : 0);
    }

    public void Add(PartTotals other)
    {
        Forward.Add(other.Forward);
        Reverse.Add(other.Reverse);
        Top1.Add(other.Top1);
    }

    public IEnumerable<ColumnSummary> Summarise() => [Forward.Summarise(), Reverse.Summarise(), Top1.Summarise()];

    public static PartTotals From(IReadOnlyList<ColumnSummary> columns) =>
        new() { Forward = ColumnTotals.From(columns[0]), Reverse = ColumnTotals.From(columns[1]), Top1 = ColumnTotals.From(columns[2]) };
}
