using System.Text.Json.Serialization;
using KlApi.Host;
using KlCore;
using KlCore.Losses;
using Microsoft.Extensions.Options;

namespace KlApi.Losses;

/// <summary>A loss to be evaluated between a teacher and a student.</summary>
public sealed record LossRequest : LossBatch, IChecked
{
    /// <summary>The loss and its parameters.</summary>
    public required Loss Loss { get; init; }

    /// <summary>Whether to answer the gradient on the student's logits.</summary>
    public bool Gradient { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        Loss.Check(problems.At("loss"));
        CheckBatch([Loss], problems);
    }
}

/// <summary>A loss, position by position and in every common reduction.</summary>
public sealed record LossAnswer
{
    /// <summary>The loss with its parameters, those included that were left out of the request.</summary>
    public required Loss Loss { get; init; }

    /// <summary>The unit of the values and the gradient; null for losses that have none.</summary>
    public required Unit? Unit { get; init; }

    /// <summary>How the values were found.</summary>
    public Method Method { get; init; } = Method.Exact;

    /// <summary>T.</summary>
    public required double Temperature { get; init; }

    /// <summary>Whether values and gradients have the factor T^2.</summary>
    public required bool ScaledByTemperatureSquared { get; init; }

    /// <summary>How many positions were given.</summary>
    public required int Positions { get; init; }

    /// <summary>How many of them count.</summary>
    public required int Counted { get; init; }

    /// <summary>How many do not, because of their label.</summary>
    public required int Masked { get; init; }

    /// <summary>How many of those that count have an infinite value.</summary>
    public required int Infinite { get; init; }

    /// <summary>Tokens of a row.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The value of each position, sequences one after the other; 0 where it does not count.</summary>
    public required IReadOnlyList<double> PerPosition { get; init; }

    /// <summary>The values made one, in each way that is in use.</summary>
    public required Reductions Reductions { get; init; }

    /// <summary>What the sum was divided by for each; dividing the gradient by the same gives that reduction's gradient.</summary>
    public required Reductions Divisors { get; init; }

    /// <summary>What frameworks call each reduction.</summary>
    public required ReductionNames ReductionNames { get; init; }

    /// <summary>The derivative of the sum with respect to the student's logits, in their shape: null for a position with an infinite value, 0 where it does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LogitArrays? Gradient { get; init; }

    /// <summary>The value at one position in ASCII, p the teacher and q the student.</summary>
    public required string Formula { get; init; }

    /// <summary>What frameworks call this loss, and where what they call so is something else.</summary>
    public required IReadOnlyList<string> Conventions { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>POST /v1/losses</summary>
internal static class ComputeLoss
{
    private const string Description =
        """
        Evaluates a distillation loss between p = softmax(teacher / T) and q = softmax(student / T) at each position, and makes one number of
        the positions in each way that is in use, since frameworks mean different things by "mean" (`reductionNames` says who means what). With
        `gradient` also the derivative of the sum with respect to the student's logits (already with the factor 1/T): each row is the gradient
        of that position's loss; divided by a reduction's entry in `divisors` it is the reduction's. `conventions` names what frameworks call
        the same loss, and which of theirs is another in spite of its name. Values are within rounding of the exact ones also where p and q
        nearly agree; where the loss is infinite (a masked token that the other side deems possible) the value is "Infinity", counted, and its
        gradient null. Labels equal to `ignoreIndex` take a position out, whatever its logits hold; if none is left, 422. `GET /v1/losses` lists the losses.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("", Handle)
        .Describe("A distillation loss and its gradient", Description, 400, 413, 415, 422)
        .Example("reverse KL with gradient", """
            { "teacher": [[2.0, 1.0, 0.0], [0.5, 0.5, 3.0]], "student": [[1.5, 1.2, 0.3], [0.0, 1.0, 2.0]], "loss": { "name": "reverse-kl" }, "gradient": true }
            """)
        .Example("Hinton's loss with a masked position", """
            { "teacher": [[[2.0, 1.0, 0.0], [0.5, 0.5, 3.0]]], "student": [[[1.5, 1.2, 0.3], [0.0, 1.0, 2.0]]], "labels": [[0, -100]],
              "loss": { "name": "forward-kl" }, "temperature": 2, "scaleByTemperatureSquared": true }
            """)
        .Example("the two likeliest tokens and the rest", """
            { "teacher": [[4.0, 3.0, 1.0, "-Infinity"]], "student": [[3.0, 3.5, 1.0, 0.5]], "loss": { "name": "top-k", "k": 2, "tail": "bucket" }, "gradient": true }
            """)
        .Example("a teacher of which the two likeliest tokens were kept", """
            { "teacherTopK": { "indices": [[3, 1]], "logProbabilities": [[-0.4, -1.3]] }, "student": [[0.5, 1.0, 0.0, 2.0, -1.0]], "loss": { "name": "top-k", "k": 2, "tail": "bucket" } }
            """);

    private static LossAnswer Handle(Body<LossRequest> body, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        request.CheckSize(limits.Value);
        var batch = request.Batch();
        var found = LossEvaluation.Of(request.Loss, batch, request.Options(request.Gradient), cancellation);
        var description = request.Loss.Describe();
        var counted = batch.Counted();
        return new LossAnswer
        {
            Loss = request.Loss,
            Unit = description.FollowsUnit ? request.Unit : null,
            Temperature = request.Temperature,
            ScaledByTemperatureSquared = description.UsesTemperature && (request.ScaleByTemperatureSquared ?? description.IsScaledByTemperatureSquared),
            Positions = found.PerPosition.Count,
            Counted = counted,
            Masked = found.PerPosition.Count - counted,
            Infinite = found.PerPosition.Count(double.IsInfinity),
            Vocabulary = batch.Vocabulary(),
            PerPosition = found.PerPosition,
            Reductions = found.Reductions,
            Divisors = found.Divisors,
            ReductionNames = ReductionNames.Of(description),
            Gradient = found.Gradient,
            Formula = description.Formula,
            Conventions = description.Conventions,
            Warnings = [.. request.Cautions(), .. found.Warnings],
        };
    }
}
