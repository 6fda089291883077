using KlCore.Training.Supervised;

namespace KlCore.Training.Distillation;

/// <summary>What a student learnt from its teacher, on examples that it did not learn from.</summary>
public sealed record DistillationResult : SupervisedResult
{
    /// <summary>What the classes are called, in their order.</summary>
    public required IReadOnlyList<object> Classes { get; init; }

    /// <summary>The share of the judged examples whose likeliest class, to the student, is the label.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Wilson's 95 % interval for it.</summary>
    public required double[] AccuracyInterval { get; init; }

    /// <summary>The same of the teacher.</summary>
    public required double TeacherAccuracy { get; init; }

    /// <summary>The share of the judged examples for which both name the same class, right or wrong.</summary>
    public required double Agreement { get; init; }

    /// <summary>Wilson's 95 % interval for it.</summary>
    public required double[] AgreementInterval { get; init; }

    /// <summary>The mean KL(teacher || student) at T = 1, in nats.</summary>
    public required Measurement Forward { get; init; }

    /// <summary>The mean KL(student || teacher) at T = 1, in nats.</summary>
    public required Measurement Reverse { get; init; }

    /// <summary>The mean Jensen-Shannon divergence at T = 1, in nats.</summary>
    public required Measurement JensenShannon { get; init; }

    /// <summary>The student's mean -ln of the probability of the label, in nats.</summary>
    public required Measurement CrossEntropy { get; init; }

    /// <summary>How open the answers are: the mean entropy of both sides' probabilities, in nats. A student of reverse KL tends to be surer of itself than one of forward KL.</summary>
    public required EntropyPair Entropy { get; init; }

    /// <summary>How many examples of each class (row) the student took for each (column).</summary>
    public required int[][] ConfusionMatrix { get; init; }

    /// <summary>How many weights and biases the teacher has; null where only its logits are known.</summary>
    public required long? TeacherParameters { get; init; }

    /// <summary>How many times as many as the student; null likewise.</summary>
    public required double? Compression { get; init; }
}

/// <summary>The mean entropies of two sides.</summary>
/// <param name="Teacher">Of p.</param>
/// <param name="Student">Of q.</param>
public sealed record EntropyPair(Measurement Teacher, Measurement Student);
