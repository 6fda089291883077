namespace KlCore.Training.HyperParameterSearch;

/// <summary>Any whole number of an interval, all equally likely.</summary>
public sealed record IntegerRange : IntervalRange
{
    /// <summary>The smallest and the largest value.</summary>
    public required long[] Integer { get; init; }

    private protected override bool IsWhole => true;

    private protected override string Field => "integer";

    private protected override IReadOnlyList<double> Limits => Array.ConvertAll(Integer, static limit => (double)limit);
}
