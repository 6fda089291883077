using System.Text.Json.Serialization;
using KlCore.Training.Supervised;

namespace KlCore.Training.Regression;

/// <summary>What a regression learnt, and how well it does on examples that it did not learn from.</summary>
public sealed record RegressionResult : SupervisedResult
{
    /// <summary>The mean loss on the judged examples, as it was trained: of scaled targets.</summary>
    public required double Loss { get; init; }

    /// <summary>How well each target is foretold, in its own units.</summary>
    public required IReadOnlyList<TargetScore> Targets { get; init; }

    /// <summary>Some judged examples, for a picture: the first target as it is and as it was foretold.</summary>
    public required ForetoldPoints Points { get; init; }
}

/// <summary>How well a target is foretold.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RootMeanSquaredError">The root of the mean of r^2, in its units.</param>
/// <param name="MeanAbsoluteError">The mean of |r|, in its units.</param>
/// <param name="Bias">The mean of the answer less the target.</param>
/// <param name="RSquared">1 - sum r^2 / sum (t - mean t)^2: 1 is perfect, 0 as good as always answering the mean, and it may be negative; null for a target that does not vary.</param>
/// <param name="NegativeLogLikelihood">The mean of -ln of the density at the target, in nats, of a network that learnt variances.</param>
/// <param name="Coverage95">The share of targets within 1.96 standard deviations of the answer, of such a network: 0.95 if its variances are right.</param>
public sealed record TargetScore(
    string Name, Measurement RootMeanSquaredError, Measurement MeanAbsoluteError, Measurement Bias, double? RSquared,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Measurement? NegativeLogLikelihood = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Coverage95 = null);

/// <summary>Numbers as they are and as they were foretold.</summary>
/// <param name="Actual">The targets.</param>
/// <param name="Predicted">The answers.</param>
public sealed record ForetoldPoints(double[] Actual, double[] Predicted);
