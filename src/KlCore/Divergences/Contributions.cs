namespace KlCore.Divergences;

/// <summary>Which categories a divergence comes from.</summary>
public static class Contributions
{
    /// <summary>p ln(p/q) of each category: they add up to KL(p || q), and single ones may be negative.</summary>
    public static double[] Of(Pair pair, Unit unit = Unit.Nats)
    {
        var shares = new double[pair.Count];
        for (var i = 0; i < shares.Length; i++)
        {
            var cell = pair[i];
            shares[i] = cell.IsOutsideQ ? double.PositiveInfinity : cell.P == 0 ? 0 : unit.FromNats(cell.P * cell.LogRatio);
        }

        return shares;
    }
}
