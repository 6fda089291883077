namespace KlCore.Policies;

/// <summary>
/// Estimators of KL(pi||ref) from tokens sampled from pi, by delta = log pi - log ref. Source: J. Schulman, "Approximating KL Divergence"
/// (2020), http://joschu.net/blog/kl-approx.html.
/// </summary>
public enum PolicyEstimator
{
    /// <summary>delta. verl: <c>kl</c>.</summary>
    K1,

    /// <summary>delta^2/2. verl: <c>mse</c>.</summary>
    K2,

    /// <summary>e^-delta - 1 + delta. verl: <c>low_var_kl</c>; TRL's GRPO.</summary>
    K3,

    /// <summary>The value of k3 with the gradient of k2. verl: <c>k3+</c>.</summary>
    K3Plus,

    /// <summary>|delta|. verl: <c>abs</c>.</summary>
    Absolute,

    /// <summary>delta + lambda (e^-delta - 1) with the lambda of least variance.</summary>
    Optimal,

    /// <summary>(pi/pi_old) k3, for tokens sampled from pi_old. TRL: <c>use_bias_correction_kl</c>; DeepSeek-V3.2.</summary>
    Importance,
}

/// <summary>What is to be known about an estimator before its number is used.</summary>
/// <param name="Formula">Per token, in ASCII.</param>
/// <param name="InExpectation">What its mean over tokens sampled from pi is.</param>
/// <param name="Unbiased">Whether that is KL(pi||ref).</param>
/// <param name="GradientOf">What is minimised when it is a term of the loss: the quantity whose gradient is the expectation of its own, the tokens being fixed.</param>
/// <param name="GradientOfReward">The same when it is subtracted from the reward (no gradient through it, policy gradient with it as return).</param>
/// <param name="Note">What follows from that.</param>
public sealed record EstimatorFacts(string Formula, string InExpectation, bool Unbiased, string GradientOf, string GradientOfReward, string Note)
{
    private const string Reverse = "KL(pi||ref)";
    private const string Forward = "KL(ref||pi)";

    /// <summary>
    /// The facts about an estimator. Each gradient follows from E_pi[grad log pi] = 0, E_pi[delta grad log pi] = grad KL(pi||ref) and
    /// E_pi[e^-delta grad log pi] = E_ref[grad log pi] = -grad KL(ref||pi).
    /// </summary>
    public static EstimatorFacts Of(PolicyEstimator estimator) => estimator switch
    {
        PolicyEstimator.K1 => new("delta", Reverse, true, "0", Reverse,
            "In the loss its gradient is zero in expectation and pure noise in a batch; it belongs in the reward. Single values may be negative."),
        PolicyEstimator.K2 => new("delta^2/2", "KL(pi||ref) + O(delta^3)", false, Reverse, "E_pi[delta^2]/2 - KL(pi||ref)",
            "The value is biased, the gradient in the loss is the right one."),
        PolicyEstimator.K3 => new("exp(-delta) - 1 + delta", Reverse, true, Forward, "KL(pi||ref) - KL(ref||pi)",
            "The value is unbiased where pi covers ref, but in the loss it minimises the forward KL, which covers the reference's modes. Its tail is exponential where delta is far below 0."),
        PolicyEstimator.K3Plus => new("exp(-delta) - 1 + delta, gradient delta", Reverse, true, Reverse, "KL(pi||ref) - KL(ref||pi)",
            "The value of k3 with the gradient of k2, straight through."),
        PolicyEstimator.Absolute => new("abs(delta)", "at least KL(pi||ref)", false, "2 TV(pi, ref)", "no divergence",
            "Biased upwards; in the loss it minimises twice the total variation."),
        PolicyEstimator.Optimal => new("delta + lambda (exp(-delta) - 1)", Reverse, true, "lambda KL(ref||pi)", "KL(pi||ref) - lambda KL(ref||pi)",
            "For measuring, not for a loss: unbiased for every fixed lambda. That lambda is estimated on the same tokens biases it by about the variance over the number of tokens; the cross-fitted value takes each half's lambda from the other half and has no such bias."),
        PolicyEstimator.Importance => new("(pi/pi_old) (exp(-delta) - 1 + delta)", "KL(pi||ref), for tokens sampled from pi_old", true, Reverse, "KL(pi||ref) - KL(ref||pi)",
            "The gradient goes through both factors and is (pi/pi_old) delta."),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator)),
    };
}
