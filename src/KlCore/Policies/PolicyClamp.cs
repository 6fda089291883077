namespace KlCore.Policies;

/// <summary>What frameworks do to large values before they use them, which biases both value and gradient.</summary>
public enum PolicyClamp
{
    /// <summary>Nothing, as TRL.</summary>
    None,

    /// <summary>k3 only: delta to [-20, 20], then the value to [-10, 10] (verl, <c>kl_penalty_forward</c>).</summary>
    Verl,

    /// <summary>Every value to [-10, 10] (OpenRLHF, <c>compute_approx_kl</c>; recent versions leave k1 alone).</summary>
    Openrlhf,
}
