using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Policies;

namespace KlCore.Training.Policy;

/// <summary>Which KL a policy pays for.</summary>
public enum PenaltyDirection
{
    /// <summary>KL(pi||ref), as in RLHF.</summary>
    Reverse,

    /// <summary>KL(ref||pi).</summary>
    Forward,
}

/// <summary>Where an estimator of the KL of each token enters.</summary>
public enum PenaltyPlace
{
    /// <summary>Its value is subtracted from the reward, without a gradient of its own.</summary>
    Reward,

    /// <summary>It is a term of the loss, whose gradient is taken with the tokens fixed.</summary>
    Loss,
}

/// <summary>
/// What keeps a policy near its reference: beta times a KL, by its own gradient or by an estimator on each token. With an estimator it is that, and where it
/// stands, that decide what is made small, whatever the direction says: k3 in the loss makes the forward KL small, k1 in the loss nothing.
/// </summary>
public sealed record PolicyPenalty : IChecked
{
    /// <summary>Which KL. Without an estimator: k1 in the reward stands for the reverse one where tokens are sampled, k3 in the loss for the forward one.</summary>
    public PenaltyDirection Direction { get; init; }

    /// <summary>k1, k2, k3 or k3-plus, on each token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PolicyEstimator? Estimator { get; init; }

    /// <summary>Where the estimator enters; by default k1 in the reward, the others in the loss.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PenaltyPlace? In { get; init; }

    /// <summary>beta, in rewards per nat: what the penalty is multiplied with; with a controller, at first.</summary>
    [Range(1e-6, 1e6)]
    public double Beta { get; init; } = 0.2;

    /// <summary>What moves beta so that KL(pi||ref) stays near a target; beta is fixed if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PenaltyController? Controller { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Estimator is not (null or PolicyEstimator.K1 or PolicyEstimator.K2 or PolicyEstimator.K3 or PolicyEstimator.K3Plus))
            problems.Add("estimator", "must be k1, k2, k3 or k3-plus: the others serve to measure");
        if (In is not null && Estimator is null) problems.Add("in", "must not be given without an estimator");
        Controller?.Check(problems.At("controller"));
    }

    /// <summary>The estimator that is used where one is needed.</summary>
    internal PolicyEstimator Used => Estimator ?? (Direction == PenaltyDirection.Reverse ? PolicyEstimator.K1 : PolicyEstimator.K3);

    /// <summary>Where it enters.</summary>
    internal PenaltyPlace Place => In ?? (Used == PolicyEstimator.K1 ? PenaltyPlace.Reward : PenaltyPlace.Loss);

    /// <summary>What its gradient makes small in expectation, in ASCII.</summary>
    internal string Optimises => Place == PenaltyPlace.Loss ? EstimatorFacts.Of(Used).GradientOf : EstimatorFacts.Of(Used).GradientOfReward;
}

/// <summary>The controller of Ziegler et al.: error = clip(KL/target - 1, -clip, clip), beta becomes beta (1 + error batchSize/horizon) after each step.</summary>
public sealed record PenaltyController : IChecked
{
    /// <summary>The KL(pi||ref) to keep to, of a whole sequence, in nats.</summary>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public required double Target { get; init; }

    /// <summary>Over how many samples beta may change by its largest factor.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double Horizon { get; init; } = 2000;

    /// <summary>The largest relative error that counts.</summary>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double Clip { get; init; } = 0.2;

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>beta after a step whose KL was observed.</summary>
    internal double Next(double beta, double kl, int batchSize) =>
        new BetaController { Beta = beta, Target = Target, Horizon = Horizon, Clip = Clip, BatchSize = batchSize, Observed = [kl] }.Trace()[0].Beta;
}
