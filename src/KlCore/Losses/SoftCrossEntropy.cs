using KlCore.Divergences;

namespace KlCore.Losses;

/// <summary>
/// -sum p ln q = KL(p || q) + H(p), with gradient q_j - p_j. In nats or bits, from H(p) to +Infinity; infinite where q is 0 and p is not. It is
/// not 0 for a perfect student. Source: Hinton, Vinyals, Dean (2015).
/// </summary>
public sealed record SoftCrossEntropy : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "-sum p ln q = KL(p || q) + H(p)", "q_j - p_j", "[H(p), Infinity]",
        "The gradient of the forward KL with a value that never reaches 0: good for training, misleading on a chart.",
        "Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural Network (2015)")
    {
        Conventions = ["DistiLLM forward_kl, torchtune ForwardKLLoss and TAID fkl are this, whatever their names say", "torch F.cross_entropy(student, p)"],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        if (gradient.Length > 0) row.Pair.Difference.CopyTo(gradient);
        return Entropies.Of(row.Pair, Unit.Nats).CrossForward;
    }
}
