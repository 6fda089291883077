namespace KlCore.Training.HyperParameterSearch;

/// <summary>Any positive whole number of an interval, all orders of magnitude equally likely: for sizes.</summary>
public sealed record LogIntegerRange : IntervalRange
{
    /// <summary>The smallest and the largest value.</summary>
    public required long[] LogInteger { get; init; }

    internal override bool IsLogarithmic => true;

    private protected override bool IsWhole => true;

    private protected override string Field => "logInteger";

    private protected override IReadOnlyList<double> Limits => Array.ConvertAll(LogInteger, static limit => (double)limit);
}
