namespace KlCore.Logprobs;

/// <summary>Bounds that hold for every pair of distributions which agrees with what is known.</summary>
/// <param name="Lower">Not more than the true value; of values that are not rounded, attained by some pair.</param>
/// <param name="Upper">Not less than the true value; +Infinity if nothing bounds it.</param>
public readonly record struct Bracket(double Lower, double Upper)
{
    /// <summary>The same in another unit.</summary>
    public Bracket In(Unit unit) => new(unit.FromNats(Lower), unit.FromNats(Upper));
}
