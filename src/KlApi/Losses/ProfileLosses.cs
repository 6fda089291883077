using KlApi.Host;
using KlCore;
using KlCore.Losses;
using Microsoft.Extensions.Options;

namespace KlApi.Losses;

/// <summary>A teacher and a student to be seen under many losses.</summary>
public sealed record ProfileRequest : LossBatch, IChecked
{
    private const int MaximumLosses = 50;

    /// <summary>The losses to evaluate; by default every one with its default parameters, those that need labels only where labels are given. At most 50, no two the same.</summary>
    public IReadOnlyList<Loss>? Losses { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Losses is { Count: 0 or > MaximumLosses }) problems.Add("losses", $"must have at least 1 and at most {MaximumLosses} elements, had {Losses.Count}");
        LossProfile.CheckLosses(Losses ?? [], problems);
        CheckBatch([.. Losses ?? [], new ForwardKullbackLeibler()], problems);
    }
}

/// <summary>Every loss on one teacher and student, and what follows from them.</summary>
public sealed record ProfileAnswer
{
    /// <summary>The unit of log-like values and entropies.</summary>
    public required Unit Unit { get; init; }

    /// <summary>How the values were found.</summary>
    public Method Method { get; init; } = Method.Exact;

    /// <summary>T.</summary>
    public required double Temperature { get; init; }

    /// <summary>How many positions were given.</summary>
    public required int Positions { get; init; }

    /// <summary>How many of them count.</summary>
    public required int Counted { get; init; }

    /// <summary>Tokens of a row.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Each loss with its mean and its gradient's norm.</summary>
    public required IReadOnlyList<ProfiledLoss> Losses { get; init; }

    /// <summary>How the losses' gradients agree in direction.</summary>
    public required GradientCosines Cosines { get; init; }

    /// <summary>Where teacher and student differ.</summary>
    public required LossGap Gap { get; init; }

    /// <summary>Whether to distil forward or in reverse, with the evidence.</summary>
    public required LossAdvice Advice { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>POST /v1/losses/profile</summary>
internal static class ProfileLosses
{
    private const string Description =
        """
        Evaluates every loss, or those given, on the same teacher and student: its mean over positions, the mean norm of its gradient on the
        student's logits, what part of the gradient falls on the teacher's head, and the cosine between the gradients of each two. `gap`
        says where the two differ: entropies, the teacher's head (its likeliest tokens up to half of its mass) and how much of sum |p - q| lies
        there, how much of the teacher's mass the student misses, and how much of its own it invents. `advice` then chooses between the forward and the
        reverse KL: a direction that is infinite cannot be minimised; where both gradients lead the same way it makes no difference; else
        the location of the gap and its kind decide, and if these disagree a loss between the two is named. The advice holds for these positions
        and this state of the student. A loss that is not defined at some position is left out with a warning.

        Losses times vocabulary may be at most 16777216, and positions times vocabulary times (losses + 2 + pairs of losses/16) at most 268435456.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/profile", Handle)
        .Describe("Every loss on one teacher and student", Description, 400, 413, 415, 422)
        .Example("a student that is too broad", """
            { "teacher": [[5.0, 1.0, 0.0, -1.0], [0.0, 4.0, 3.5, -2.0]], "student": [[2.0, 1.0, 0.5, 0.0], [0.5, 2.0, 2.0, 0.0]] }
            """)
        .Example("three losses at temperature 2", """
            { "teacher": [[5.0, 1.0, 0.0], [0.0, 4.0, 3.5]], "student": [[2.0, 1.0, 0.5], [0.5, 2.0, 2.0]], "labels": [0, 2], "temperature": 2,
              "losses": [ { "name": "forward-kl" }, { "name": "reverse-kl" }, { "name": "decoupled", "alpha": 1, "beta": 8 } ] }
            """);

    private static ProfileAnswer Handle(Body<ProfileRequest> body, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        request.CheckSize(limits.Value);
        var batch = request.Batch();
        var profile = LossProfile.Of(request.Losses, batch, request.Options(gradient: true), cancellation);
        return new ProfileAnswer
        {
            Unit = request.Unit,
            Temperature = request.Temperature,
            Positions = batch.Student.Rows.Length,
            Counted = batch.Counted(),
            Vocabulary = batch.Vocabulary(),
            Losses = profile.Losses,
            Cosines = profile.Cosines,
            Gap = profile.Gap,
            Advice = profile.Advice,
            Warnings = [.. request.Cautions(), .. profile.Warnings],
        };
    }
}
