using System.Globalization;

namespace KlCore.Training.DensityFit;

/// <summary>Says what a fit did with the modes of its target, with the numbers, and when to choose which direction.</summary>
internal static class Advice
{
    private const string Choice =
        "Choose forward-kl when nothing that p does may be missed (density estimation, imitation of all of the data), " +
        "reverse-kl when whatever q does must be typical of p (one good answer, variational inference).";

    public static string Give(Behaviour behaviour, IReadOnlyList<ModeCoverage> modes, Measurement forward, Measurement reverse)
    {
        var divergences = $"KL(p‖q) = {Number(forward.Value)} and KL(q‖p) = {Number(reverse.Value)} nats";
        var region = $"where each mode has {Percent(ModeSearch.RegionMass)} of its mass";
        var seen = behaviour switch
        {
            Behaviour.Covering =>
                $"q covers all {modes.Count} modes of p: {region}, q has at least {Percent(modes.Min(mode => mode.Share))} of the mass that p has there; {divergences}.",
            Behaviour.Seeking =>
                $"q seeks {modes.Count(mode => mode.Share >= 0.5)} of the {modes.Count} modes of p: {region}, q puts {Percent(modes.Max(mode => mode.ModelMass))} " +
                $"of its own on one and {Percent(modes.Min(mode => mode.ModelMass))} on another, on which p has {Percent(modes.MinBy(mode => mode.ModelMass)!.TargetMass)}; {divergences}.",
            _ when modes.Count == 0 => $"The samples have too many dimensions for modes to be told apart; {divergences}.",
            _ when modes.Count < 2 => $"p has a single mode, so there is nothing to choose between covering and seeking; {divergences}.",
            _ => $"q neither covers the {modes.Count} modes of p nor settles on one: {region}, " +
                $"it has at most {Percent(modes.Max(mode => mode.Share))} of p's mass; {divergences}. More steps, another seed or a richer model may help.",
        };
        return $"{seen} {Choice}";
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
