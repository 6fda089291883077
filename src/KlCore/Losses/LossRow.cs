using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>One position as the losses see it: both sides' logits, prepared once however many losses look at them.</summary>
internal sealed class LossRow
{
    /// <summary>Below this a share of a probability may round to 0, and what multiplies it does not show in any gradient.</summary>
    public const double Negligible = 1e-300;

    private readonly Interpretation _how;
    private Pair? _pair;
    private int[]? _descending;

    public LossRow(double[] teacher, double[] student, int? label, Interpretation how) =>
        (Teacher, Student, Label, _how) = (teacher, student, label, how);

    /// <summary>Two distributions that are prepared already, however they were given. Losses that look at the logits themselves do not apply.</summary>
    public LossRow(Pair pair, int? label) : this([], [], label, pair.Second.How) => _pair = pair;

    /// <summary>The teacher's logits as given.</summary>
    public double[] Teacher { get; }

    /// <summary>The student's logits as given.</summary>
    public double[] Student { get; }

    /// <summary>The token that follows, where it is known.</summary>
    public int? Label { get; }

    /// <summary>The teacher's distribution p and the student's q.</summary>
    public Pair Pair => _pair ??= Pair.From(Teacher, Student, _how);

    /// <summary>All tokens, the teacher's likeliest first; of equal ones the first first.</summary>
    public int[] Descending => _descending ??= Sort(Teacher);

    /// <summary>The two distributions given that the token is one of these.</summary>
    public Pair Among(IReadOnlyList<int> tokens)
    {
        var (teacher, student) = (new double[tokens.Count], new double[tokens.Count]);
        for (var i = 0; i < tokens.Count; i++) (teacher[i], student[i]) = (Teacher[tokens[i]], Student[tokens[i]]);
        return Pair.From(teacher, student, _how);
    }

    /// <summary>ln(q/m) of one token for m = q + share (p - q), without cancellation; 0 where q is negligible.</summary>
    public static double LogTowardsMixture(in Cell cell, double share)
    {
        if (cell.Q < Negligible) return 0;
        var step = -share * cell.Difference / cell.Q;
        return Math.Abs(step) < 0.5 ? -Elementary.Log1p(step) : Elementary.LogOfRatio(cell.Q, (1 - share) * cell.Q + share * cell.P);
    }

    /// <summary>The same student and label beside another teacher.</summary>
    public LossRow With(double[] teacher) => new(teacher, Student, Label, _how);

    /// <summary>Both distributions by themselves, for vocabularies that differ.</summary>
    public (MassFunction Teacher, MassFunction Student) Sides() => (MassFunction.Read(Teacher, _how), MassFunction.Read(Student, _how));

    /// <summary>All tokens, the one with the largest logit first; of equal ones the first first.</summary>
    public static int[] Sort(double[] logits)
    {
        var order = new int[logits.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => logits[b].CompareTo(logits[a]) is var by && by != 0 ? by : a.CompareTo(b));
        return order;
    }
}
