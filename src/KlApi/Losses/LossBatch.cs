using System.ComponentModel.DataAnnotations;
using KlApi.Host;
using KlCore;
using KlCore.Losses;

namespace KlApi.Losses;

/// <summary>A teacher's and a student's logits at the same positions.</summary>
public abstract record LossBatch
{
    private DistillationBatch? _batch;

    /// <summary>The teacher's logits: [positions][vocabulary], or [sequences][positions][vocabulary]. Masked tokens are "-Infinity".</summary>
    public LogitArrays? Teacher { get; init; }

    /// <summary>Instead of the teacher's whole rows, those of its tokens that were kept.</summary>
    public TopKTeacher? TeacherTopK { get; init; }

    /// <summary>The student's logits, in the same shape.</summary>
    public required LogitArrays Student { get; init; }

    /// <summary>The token that follows each position, in the shape of the positions. A position with <c>ignoreIndex</c> does not count. Nothing is shifted: labels[i] belongs to row i.</summary>
    public TokenArrays? Labels { get; init; }

    /// <summary>The label of positions that do not count.</summary>
    public int IgnoreIndex { get; init; } = -100;

    /// <summary>T, by which both sides' logits are divided before their softmax.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <summary>Whether values and gradients are multiplied by T^2, as Hinton does. By default only those of <c>decoupled</c>, whose definition has the factor.</summary>
    public bool? ScaleByTemperatureSquared { get; init; }

    /// <summary>The unit of log-like losses.</summary>
    public Unit Unit { get; init; } = Unit.Nats;

    /// <summary>Adds everything that keeps the batch from being evaluated under these losses.</summary>
    internal void CheckBatch(IReadOnlyList<Loss> losses, Problems problems)
    {
        var before = problems.Total;
        if (Teacher is null && TeacherTopK is null) problems.Add("teacher", "is required, unless teacherTopK is given instead");
        else if (Teacher is not null && TeacherTopK is not null) problems.Add("teacherTopK", "must not be given beside teacher");
        else if (Student.Rows.Length == 0) problems.Add("student", "must have at least 1 position, had none");
        if (problems.Total > before) return;
        TeacherTopK?.Check(Student.Rows.Length, Student.Rows[0]!.Length, problems.At("teacherTopK"));
        if (problems.Total == before) Batch().Check(losses, problems);
    }

    internal DistillationBatch Batch()
    {
        if (_batch is not null) return _batch;
        var sides = TeacherTopK is null ? new DistillationBatch { Teacher = Teacher!, Student = Student } : DistillationBatch.From(TeacherTopK, Student);
        return _batch = sides with { Labels = Labels, IgnoreIndex = IgnoreIndex };
    }

    /// <summary>What is to be known of the teacher.</summary>
    internal IEnumerable<string> Cautions() => TeacherTopK is null ? [] : [TeacherTopK.Caution()];

    internal LossOptions Options(bool gradient) => new() { Temperature = Temperature, ScaleByTemperatureSquared = ScaleByTemperatureSquared, Unit = Unit, Gradient = gradient };

    /// <summary>Refuses more than one request may ask for.</summary>
    internal void CheckSize(Limits limits)
    {
        if (Student.Rows.Concat(Teacher?.Rows ?? []).Any(row => row!.Length > limits.Categories)) throw Refusal.TooLarge($"A row may have at most {limits.Categories} logits.");
    }
}
