namespace KlCore.Training.HyperParameterSearch;

/// <summary>Any number of an interval, all equally likely.</summary>
public sealed record UniformRange : IntervalRange
{
    /// <summary>The smallest and the largest value.</summary>
    [Finite]
    public required double[] Uniform { get; init; }

    private protected override string Field => "uniform";

    private protected override IReadOnlyList<double> Limits => Uniform;
}
