using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>
/// sum over ranks r of |p_(r) - q_(r)|, both sides' probabilities sorted from the largest down, the shorter side filled up with zeros: for teachers with
/// another vocabulary. With g = sign(q_(r) - p_(r)) at the student's token of rank r the gradient is q_j (g_j - sum q g). Without unit, from 0
/// to 2; blind to which token is which. Source: Boizard et al., "Towards Cross-Tokenizer Distillation: the Universal Logit Distillation Loss for LLMs" (2024).
/// </summary>
public sealed record UniversalLogit : Loss
{
    /// <inheritdoc/>
    public override LossDescription Describe() => new(
        "sum_r |p_(r) - q_(r)|, both sorted from the largest down", "q_j (g_j - sum q g), g = sign(q_(r) - p_(r)) at rank r of j", "[0, 2]",
        "The only one that takes a teacher with another vocabulary: it compares how probability is spread, and not on which tokens.",
        "Boizard et al., Towards Cross-Tokenizer Distillation: the Universal Logit Distillation Loss for LLMs (2024)")
    {
        FollowsUnit = false,
        Conventions = ["TRL GOLD's ULD on all tokens; its hybrid uses it for the tokens without a match only", "not halved, unlike total-variation"],
    };

    internal override bool AllowsOtherVocabulary => true;

    internal override double Evaluate(LossRow row, Span<double> gradient)
    {
        var (teacher, student) = row.Sides();
        var q = new double[student.Count];
        for (var i = 0; i < q.Length; i++) q[i] = student.Mass(i);
        var (ofTeacher, ofStudent) = (LossRow.Sort(row.Teacher), LossRow.Sort(row.Student));
        var sum = new CompensatedSum();
        for (var rank = 0; rank < Math.Max(ofTeacher.Length, ofStudent.Length); rank++)
        {
            var there = rank < ofTeacher.Length ? teacher.Mass(ofTeacher[rank]) : 0;
            var gap = (rank < ofStudent.Length ? q[ofStudent[rank]] : 0) - there;
            sum.Add(Math.Abs(gap));
            if (gradient.Length > 0 && rank < ofStudent.Length) gradient[ofStudent[rank]] = Math.Sign(gap);
        }

        ThroughSoftmax(q, gradient);
        return sum.Value;
    }
}
