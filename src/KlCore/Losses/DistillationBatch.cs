using KlCore.Divergences;

namespace KlCore.Losses;

/// <summary>What a student is taught by in one step: the teacher's logits and its own at the same positions, and the tokens that follow.</summary>
public sealed record DistillationBatch
{
    /// <summary>The teacher's logits t. Tokens that are masked have -Infinity.</summary>
    public required LogitArrays Teacher { get; init; }

    /// <summary>The student's logits z, in the same shape.</summary>
    public required LogitArrays Student { get; init; }

    /// <summary>The token that follows each position, in the shape of the positions; positions with <see cref="IgnoreIndex"/> do not count.</summary>
    public TokenArrays? Labels { get; init; }

    /// <summary>The label of positions that do not count.</summary>
    public int IgnoreIndex { get; init; } = -100;

    /// <summary>A batch whose teacher is known by some tokens of each position.</summary>
    public static DistillationBatch From(TopKTeacher teacher, LogitArrays student) =>
        new() { Teacher = student.With(teacher.Expand(student.Rows[0]!.Length)), Student = student };

    /// <summary>How many tokens a row of the student has.</summary>
    public int Vocabulary() => Student.Rows.Length == 0 ? 0 : Student.Rows[0]!.Length;

    /// <summary>Whether a position counts.</summary>
    public bool Counts(int position) => Labels is null || Labels.Tokens[position] != IgnoreIndex;

    /// <summary>How many positions count.</summary>
    public int Counted() => Enumerable.Range(0, Student.Rows.Length).Count(Counts);

    /// <summary>Adds everything that keeps the batch from being evaluated under some losses. Rows that do not count may hold anything.</summary>
    /// <param name="losses">What is to be evaluated, with the pointer member that needs labels.</param>
    /// <param name="problems">Where failures go, seen from the object that has the members teacher, student and labels.</param>
    public void Check(IReadOnlyList<Loss> losses, Problems problems)
    {
        var before = problems.Total;
        if (Student.Rows.Length == 0) problems.Add("student", "must have at least 1 position, had none");
        var shapes = CheckShapes(losses.All(loss => loss.AllowsOtherVocabulary), problems);
        CheckLabels(losses, problems);
        if (!shapes || problems.Total > before) return;
        var how = new Interpretation { Input = InputKind.Logits };
        for (var i = 0; i < Student.Rows.Length; i++)
        {
            if (!Counts(i)) continue;
            MassChecks.Pass(Teacher.Rows[i]!, how, Teacher.At(problems.At("teacher"), i));
            MassChecks.Pass(Student.Rows[i]!, how, Student.At(problems.At("student"), i));
        }
    }

    private bool CheckShapes(bool anyVocabulary, Problems problems)
    {
        var before = problems.Total;
        if (Teacher.HasSequences != Student.HasSequences || !Teacher.Lengths.SequenceEqual(Student.Lengths))
            problems.Add("student", $"must have as many positions as teacher, which has {Words(Teacher)}; had {Words(Student)}");
        CheckWidths(Teacher, anyVocabulary && Teacher.Rows.Length > 0 ? Teacher.Rows[0]!.Length : Vocabulary(), anyVocabulary ? "" : " of student", problems.At("teacher"));
        CheckWidths(Student, Vocabulary(), " of student", problems.At("student"));
        return problems.Total == before;
    }

    private static void CheckWidths(LogitArrays side, int width, string like, Problems problems)
    {
        for (var i = 0; i < side.Rows.Length; i++)
        {
            if (side.Rows[i]!.Length != width) side.At(problems, i).Add($"must have {width} logits like the first row{like}, had {side.Rows[i]!.Length}");
            else if (width == 0) side.At(problems, i).Add("must have at least 1 logit, had none");
        }
    }

    private void CheckLabels(IReadOnlyList<Loss> losses, Problems problems)
    {
        if (Labels is null)
        {
            if (losses.FirstOrDefault(loss => loss.Describe().NeedsLabels) is { } needy) problems.Add("labels", $"is required for {LossCatalogue.NameOf(needy)}");
            return;
        }

        var expected = Student.HasSequences ? Student.Lengths : null;
        if (Labels.Tokens.Length != Student.Rows.Length || Labels.Lengths is null != (expected is null) || (expected is not null && !Labels.Lengths!.SequenceEqual(expected)))
        {
            problems.Add("labels", $"must have one token for each position of student, which has {Words(Student)}; had {Labels.Tokens.Length}{(Labels.Lengths is null ? "" : $" in {Labels.Lengths.Length} sequences")}");
            return;
        }

        for (var i = 0; i < Labels.Tokens.Length; i++)
        {
            var token = Labels.Tokens[i];
            if (token != IgnoreIndex && (token < 0 || token >= Vocabulary()))
                Labels.At(problems.At("labels"), i).Add($"must be a token from 0 to {Vocabulary() - 1}, or {IgnoreIndex} for a position that does not count, was {token}");
        }
    }

    private static string Words(LogitArrays side) => side.HasSequences ? $"{side.Rows.Length} in {side.OuterCount} sequences" : $"{side.Rows.Length}";
}
