namespace KlCore.Divergences;

/// <summary>
/// n / (N + T) for a category that was seen, T / (Z (N + T)) for each of the Z that were not: the chance of something new is estimated
/// by how often something new came. With no empty category the numbers stay as they are.
/// Source: I. Witten and T. Bell, IEEE Transactions on Information Theory 37 (1991), method C.
/// </summary>
public sealed record WittenBell : Smoothing
{
    internal override MassFunction Smooth(MassFunction raw)
    {
        var seen = SmoothedWeights.Seen(raw);
        if (seen == raw.Count) return raw;
        var share = raw.CountUnit * (double)seen / (double)(raw.Count - seen);
        return SmoothedWeights.Apply(raw, (i, weight) => raw.IsPossible(i) ? weight : share);
    }
}
