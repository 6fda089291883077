namespace KlCore.Divergences;

/// <summary>What is to be known about a measure before using it.</summary>
/// <param name="Symbol">As it is written: KL(p || q).</param>
/// <param name="Formula">The definition in ASCII, with BC = sum sqrt(p q) and m = (p+q)/2; 0 ln 0 = 0.</param>
/// <param name="Range">The values it takes, in nats where it follows the unit.</param>
/// <param name="Summary">What it says, in one sentence; when it is infinite.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record Description(string Symbol, string Formula, string Range, string Summary, string Source)
{
    /// <summary>Whether exchanging p and q changes nothing, for the default parameters.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>Whether it obeys the triangle inequality as well, for the default parameters.</summary>
    public bool IsMetric { get; init; }

    /// <summary>Whether it is a logarithm and so is answered in nats or bits.</summary>
    public bool FollowsUnit { get; init; }

    /// <summary>Whether it depends on where the categories lie.</summary>
    public bool UsesPositions { get; init; }
}
