using System.Globalization;

namespace KlCore.Training.Policy;

/// <summary>Says how the two directions of a penalty differed, and when to choose which.</summary>
internal static class PolicyAdvice
{
    private const string Choice =
        "Choose reverse when the policy may give up what the reference does for reward, as in RLHF: what earns less by r loses by the factor exp(-r/beta), so bad answers disappear. " +
        "Choose forward when whatever the reference does must stay possible: what earns less loses only in proportion to 1/(c - r), so nothing is forgotten; no policy earns more for its KL(pi‖ref) than the reverse penalty's.";

    public static string Give(IReadOnlyList<DirectionOutcome> outcomes, double beta, TokenProcess process)
    {
        var what = process.Length == 1 ? "arm" : "token";
        var seen = string.Join("; ", outcomes.Select(outcome => string.Create(CultureInfo.InvariantCulture,
            $"{Title(outcome.Direction)} ends at a reward of {outcome.Reward:G4} with KL(pi‖ref) = {outcome.Reverse:G4} and KL(ref‖pi) = {outcome.Forward:G4} nats (for that KL(pi‖ref) {outcome.BestReward:G4} is the most there is), and leaves the {what} that lost most {Share(outcome.LeastShare)} of its probability")));
        return string.Create(CultureInfo.InvariantCulture, $"With beta = {beta:G4} {seen}. {Choice}");
    }

    private static string Title(string direction) => direction switch
    {
        "reverse" => "the reverse penalty",
        "forward" => "the forward penalty",
        "none" => "the estimator asked for, which holds nothing back,",
        _ => "the estimator asked for, which makes another quantity small,",
    };

    private static string Share(double share) => share >= 1e-3 ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:G3} %") : string.Create(CultureInfo.InvariantCulture, $"{share:G2} of one");
}
