namespace KlCore.Logits.Reports;

/// <summary>
/// The sums behind what llama-perplexity prints. Single products are rounded to 32 bits where llama.cpp does so; the sums themselves are
/// exact, where llama.cpp's depend in the last digits on which thread was first.
/// </summary>
internal sealed class LlamaTotals
{
    /// <summary>The columns of the totals, in the order of their summary.</summary>
    public const int ColumnCount = 11;

    private readonly ColumnTotals[] _columns;

    /// <summary>Whether the values of a column are also wanted in order.</summary>
    public static bool HasSketch(int column) => column is 0 or 3;

    public LlamaTotals() : this([.. Enumerable.Range(0, ColumnCount).Select(i => new ColumnTotals(HasSketch(i)))])
    {
    }

    private LlamaTotals(ColumnTotals[] columns) => _columns = columns;

    public ColumnTotals Divergence => _columns[0];

    public ColumnTotals SquaredDivergence => _columns[1];

    public ColumnTotals SameTop => _columns[2];

    public ColumnTotals Change => _columns[3];

    public ColumnTotals SquaredChange => _columns[4];

    public ColumnTotals FourthPowerOfChange => _columns[5];

    public ColumnTotals LossQ => _columns[6];

    public ColumnTotals SquaredLossQ => _columns[7];

    public ColumnTotals LossP => _columns[8];

    public ColumnTotals SquaredLossP => _columns[9];

    public ColumnTotals LossProduct => _columns[10];

    /// <summary>The change of the target's probability, as llama.cpp computes it.</summary>
    public static float ChangeOf(in Position position) => MathF.Exp(-position.LlamaLossQ) - MathF.Exp(-position.LlamaLossP);

    public void Add(in Position position)
    {
        double divergence = position.LlamaDivergence;
        Divergence.Add(divergence);
        SquaredDivergence.Add(divergence * divergence);
        SameTop.Add((position.Facts & PositionFacts.LlamaSameTop) != 0 ? 1 : 0);
        if (position.Target < 0) return;
        var (q, p, change) = (position.LlamaLossQ, position.LlamaLossP, ChangeOf(position));
        Change.Add(change);
        SquaredChange.Add(change * change);
        FourthPowerOfChange.Add((double)(change * change) * (change * change));
        LossQ.Add(q);
        SquaredLossQ.Add(q * q);
        LossP.Add(p);
        SquaredLossP.Add(p * p);
        LossProduct.Add(q * p);
    }

    public void Add(LlamaTotals other)
    {
        for (var i = 0; i < ColumnCount; i++) _columns[i].Add(other._columns[i]);
    }

    public IEnumerable<ColumnSummary> Summarise() => _columns.Select(column => column.Summarise());

    public static LlamaTotals From(IEnumerable<ColumnSummary> columns) => new([.. columns.Select(ColumnTotals.From)]);
}
