using KlCore.Numerics;

namespace KlCore.Policies;

/// <summary>One token's value of an estimator and its derivative with respect to the token's log pi.</summary>
/// <param name="Value">The value, in nats.</param>
/// <param name="Derivative">The derivative.</param>
/// <param name="Clamped">Whether a clamp changed the value.</param>
internal readonly record struct TokenTerm(double Value, double Derivative, bool Clamped = false)
{
    private const double Limit = 10;
    private const double DeltaLimit = 20;

    /// <summary>
    /// The term of one token. The derivatives are those of automatic differentiation: none through a clamp that is active, none through lambda.
    /// </summary>
    public static TokenTerm Of(PolicyEstimator estimator, PolicyClamp clamp, double delta, double logWeight) => estimator switch
    {
        PolicyEstimator.K1 => Result(clamp, delta, 1),
        PolicyEstimator.K2 => Result(clamp, delta * delta / 2, delta),
        PolicyEstimator.Absolute => Result(clamp, Math.Abs(delta), Math.Sign(delta)),
        PolicyEstimator.K3 => ClampedK3(clamp, delta),
        PolicyEstimator.K3Plus => ClampedK3(clamp, delta) with { Derivative = delta },
        PolicyEstimator.Importance => Weighted(ClampedK3(clamp, delta), delta, logWeight),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator)),
    };

    /// <summary>
    /// e^-delta - 1 + delta, never negative: by its series near 0, where the three terms cancel. Relative error about 1e-15.
    /// +Infinity for delta = +Infinity and where e^-delta is beyond a double.
    /// </summary>
    public static double K3(double delta) => Math.Abs(delta) <= 0.5 ? delta * delta * Elementary.ExpRemainder(-delta) : Math.Exp(-delta) - 1 + delta;

    /// <summary>
    /// One category's term of KL(pi||ref) for pi = ref e^d: pi (e^-d - 1 + d) = ref (1 + e^d (d - 1)), never negative, in the form that neither
    /// cancels nor overflows; ref where d is minus infinity.
    /// </summary>
    public static double KlTerm(double logReference, double d) => KlTerm(logReference, Math.Exp(logReference + d), d);

    /// <summary>The same where pi is known better than from the sum of two logarithms that are large and opposite.</summary>
    public static double KlTerm(double logReference, double policy, double d)
    {
        if (d > -0.5) return policy * K3(d);
        return Math.Exp(logReference) * (d < -700 ? 1 : 1 + (Math.Exp(d) * (d - 1)));
    }

    private static TokenTerm ClampedK3(PolicyClamp clamp, double delta)
    {
        if (clamp != PolicyClamp.Verl) return Result(clamp, K3(delta), -Elementary.Expm1(-delta));
        var value = K3(Math.Clamp(delta, -DeltaLimit, DeltaLimit));
        return value > Limit ? new(Limit, 0, true) : new(value, -Elementary.Expm1(-delta));
    }

    private static TokenTerm Result(PolicyClamp clamp, double value, double derivative) =>
        clamp == PolicyClamp.Openrlhf && Math.Abs(value) > Limit ? new(Math.CopySign(Limit, value), 0, true) : new(value, derivative);

    /// <summary>w k with w = e^logWeight; the derivative w (k + k') is w delta, in which nothing cancels, unless k is clamped.</summary>
    private static TokenTerm Weighted(TokenTerm term, double delta, double logWeight)
    {
        var logValue = double.IsInfinity(term.Value) && double.IsFinite(delta) ? -delta : Math.Log(term.Value);
        var value = Math.Abs(logWeight) < 700 && double.IsFinite(term.Value) ? Math.Exp(logWeight) * term.Value : Math.Exp(logWeight + logValue);
        var derivative = term.Clamped ? value : Math.CopySign(Math.Exp(logWeight + Math.Log(Math.Abs(delta))), delta);
        return new(value, Math.Abs(logWeight) < 700 && !term.Clamped ? Math.Exp(logWeight) * delta : derivative, term.Clamped);
    }
}
