namespace KlCore.Training.ObjectiveComparison;

/// <summary>What the two directions of KL are for, said where both were compared.</summary>
internal static class DirectionAdvice
{
    // By what they punish: q missing what p does, or q doing what p does not.
    private static readonly string[] Forward = ["forward-kl", "skew-forward", "cross-entropy", "soft-cross-entropy"];
    private static readonly string[] Reverse = ["reverse-kl", "skew-reverse"];

    private static readonly string[] Divergences = ["forward", "reverse", "jensenShannon"];

    /// <summary>Whether a score may decide between objectives: a divergence is no fair judge where one of them makes that or another divergence small.</summary>
    public static bool IsFair(string score, IReadOnlyList<string> labels) =>
        !Divergences.Contains(score) || !labels.Any(label => Is(Forward, label) || Is(Reverse, label) || Is(["jensen-shannon"], label));

    /// <summary>The sentence, or null where the objectives are not of both directions.</summary>
    public static string? Of(IReadOnlyList<string> labels)
    {
        var (forward, reverse) = (labels.FirstOrDefault(label => Is(Forward, label)), labels.FirstOrDefault(label => Is(Reverse, label)));
        return forward is null || reverse is null
            ? null
            : $"Choose {forward} when nothing that the reference does may be missed (density estimation, imitation of all of the data), " +
              $"{reverse} when whatever the model does must be typical of the reference (one good answer, variational inference).";
    }

    private static bool Is(string[] names, string label) => label.Split(' ', '(', ')', ',').Any(names.Contains);
}
