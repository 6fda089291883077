
namespace KlCore.Losses;

/// <summary>One loss of a profile.</summary>
/// <param name="Loss">The loss with its parameters.</param>
/// <param name="Value">Its mean over the positions that count; +Infinity if one of them is.</param>
/// <param name="Infinite">At how many positions it is infinite; these have no gradient and the two means below are over the others.</param>
/// <param name="GradientNorm">The mean over positions of the gradient's Euclidean norm.</param>
/// <param name="GradientInHead">What part of the gradient, by absolute values, falls on the teacher's head; null where there is no gradient.</param>
public sealed record ProfiledLoss(Loss Loss, double Value, int Infinite, double GradientNorm, double? GradientInHead);

/// <summary>How losses' gradients agree in direction, taken over all positions at once: 1 the same, 0 unrelated, -1 opposed.</summary>
/// <param name="Names">The losses, in the order of rows and columns.</param>
/// <param name="Matrix">The cosines; null where one of the gradients is 0 or there is no position at which both are finite.</param>
public sealed record GradientCosines(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<double?>> Matrix);

/// <summary>Every loss on one batch, where teacher and student differ, and what follows for the choice between forward and reverse.</summary>
/// <param name="Losses">The losses, in the order asked for.</param>
/// <param name="Cosines">How their gradients agree.</param>
/// <param name="Gap">Where teacher and student differ.</param>
/// <param name="Advice">Forward or reverse, with the evidence.</param>
/// <param name="Warnings">What a reader should know.</param>
public sealed record LossProfile(IReadOnlyList<ProfiledLoss> Losses, GradientCosines Cosines, LossGap Gap, LossAdvice Advice, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// How many terms one profile may evaluate: positions times vocabulary times the losses, the two directions that the advice is about, and a
    /// sixteenth of the pairs of gradients whose inner product is taken, a multiplication being that much less than a term.
    /// </summary>
    public const long MaximumWork = 1L << 28;

    /// <summary>How many components of gradients one profile may hold: losses times vocabulary.</summary>
    public const long MaximumGradients = 1L << 24;

    private const string OnWhoseText =
        "means over given positions: on text by the teacher they estimate the forward KL of sequences per token, on text by the student the reverse, on any other text neither";

    /// <summary>Evaluates the losses with their gradients.</summary>
    /// <param name="losses">What to evaluate; null: every loss that the batch allows, with its defaults.</param>
    /// <param name="batch">Teacher, student and labels.</param>
    /// <param name="options">Temperature and unit.</param>
    /// <param name="cancellation">Looked at before each position.</param>
    /// <exception cref="InvalidInputException">Parameters, options or the batch are not legal.</exception>
    /// <exception cref="NotComputableException">No position counts.</exception>
    /// <exception cref="TooCostlyException">More than <see cref="MaximumWork"/> or <see cref="MaximumGradients"/>.</exception>
    public static LossProfile Of(IReadOnlyList<Loss>? losses, DistillationBatch batch, LossOptions options, CancellationToken cancellation = default)
    {
        var problems = new Problems();
        losses ??= LossCatalogue.Defaults(batch.Labels is not null);
        CheckLosses(losses, problems);
        options.Check(problems);
        // The gap is measured between two distributions over one vocabulary, whatever the losses.
        batch.Check([.. losses, new ForwardKullbackLeibler()], problems);
        problems.ThrowIfAny();
        var counted = batch.Counted();
        if (counted == 0) throw new NotComputableException("no-positions", "Every position is masked: no mean over them is defined.");
        RefuseTooCostly(counted, batch.Vocabulary(), losses.Count);

        var sweep = new ProfileSweep(losses, batch, options);
        var gap = new GapSweep();
        for (var i = 0; i < batch.Student.Rows.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!batch.Counts(i)) continue;
            var row = LossEvaluation.RowOf(batch, i, options.Temperature);
            sweep.Add(row, gap.Add(row));
        }

        var found = gap.Means(options.Unit);
        var profiled = sweep.Losses();
        return new(profiled, sweep.Cosines(), found, LossAdvice.From(found, sweep.ForwardAgainstReverse(), counted), [.. sweep.Warnings(), OnWhoseText]);
    }

    /// <summary>Adds what is wrong with the losses to profile: their parameters, and one that is there twice.</summary>
    public static void CheckLosses(IReadOnlyList<Loss> losses, Problems problems)
    {
        var seen = new Dictionary<Loss, int>();
        for (var i = 0; i < losses.Count; i++)
        {
            losses[i].Check(problems.At("losses").At(i));
            if (!seen.TryAdd(losses[i], i)) problems.At("losses").At(i).Add($"must not be given twice, is the same as element {seen[losses[i]]}");
        }
    }

    private static void RefuseTooCostly(long positions, long vocabulary, long losses)
    {
        if (losses * vocabulary > MaximumGradients)
            throw new TooCostlyException($"A profile may hold at most {MaximumGradients} components of gradients (losses x vocabulary), this one has {losses * vocabulary}; give fewer losses.");
        var pairs = losses * (losses + 1) / 2;
        var work = positions * vocabulary * (losses + 2 + ((pairs + 15) / 16));
        if (work > MaximumWork)
            throw new TooCostlyException($"A profile may evaluate at most {MaximumWork} terms (positions x vocabulary x (losses + 2 + pairs of losses/16)), this one has {work}; give fewer positions or losses.");
    }
}
