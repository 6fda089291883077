namespace KlCore.Training.HyperParameterSearch;

/// <summary>Any positive number of an interval, all orders of magnitude equally likely: for learning rates and penalties.</summary>
public sealed record LogUniformRange : IntervalRange
{
    /// <summary>The smallest and the largest value.</summary>
    [Finite]
    public required double[] LogUniform { get; init; }

    internal override bool IsLogarithmic => true;

    private protected override string Field => "logUniform";

    private protected override IReadOnlyList<double> Limits => LogUniform;
}
