namespace KlCore.Losses;

/// <summary>
/// -ln q_y of the label y, with gradient q_j - 1[j = y]. In nats or bits, from 0 to +Infinity; infinite where q_y is 0. The teacher does not
/// enter. The temperature divides the student's logits, as for every loss here; frameworks leave it at 1.
/// </summary>
public sealed record CrossEntropy : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "-ln q_y, y the label", "q_j - 1[j = y]", "[0, Infinity]",
        "Learns from the text alone: the forward KL from the label. Infinite where q_y is 0.",
        "Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2")
    {
        NeedsLabels = true,
        IsSumOverVocabulary = false,
        Conventions =
        [
            "torch F.cross_entropy(student, labels, ignore_index=-100); its reduction 'mean' is tokenMean here",
            "labels[i] is the token that row i should foretell: shift before, as TRL and Transformers do inside",
        ],
    };

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var label = row.Label!.Value;
        if (gradient.Length > 0)
        {
            row.Pair.Q.CopyTo(gradient);
            // q_y - 1 by what the others have, so that it keeps its digits when the label is all but certain.
            var others = new Numerics.CompensatedSum();
            for (var i = 0; i < gradient.Length; i++)
                if (i != label) others.Add(gradient[i]);
            gradient[label] = -others.Value;
        }

        return 0.0 - row.Pair.Second.LogMass(label);
    }
}
