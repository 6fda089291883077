using KlCore.Numerics;

namespace KlCore.Logprobs;

/// <summary>What follows from one side's list about the tokens that are not in it.</summary>
/// <param name="ResidualLow">The least mass that those tokens have together.</param>
/// <param name="ResidualHigh">The most.</param>
/// <param name="Implied">The least mass that each of them has because the others have no room for all of it.</param>
/// <param name="Floor">The least mass that each of them has, if it has a value at all: the larger of the above and what the caller knows.</param>
/// <param name="Cap">The most that each of them has.</param>
internal readonly record struct SideFacts(double ResidualLow, double ResidualHigh, double Implied, double Floor, double Cap)
{
    /// <summary>2^-53.</summary>
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>Reads the list.</summary>
    /// <param name="known">The list.</param>
    /// <param name="unlisted">How many tokens are not in it, or +Infinity.</param>
    /// <param name="leastUnlisted">How many there are at least.</param>
    /// <param name="options">What is known beside it.</param>
    /// <param name="name">How the side is called in refusals: p or q.</param>
    public static SideFacts Of(KnownTokens known, double unlisted, int leastUnlisted, BoundOptions options, string name)
    {
        var (low, high) = Residual(known, leastUnlisted > 0 || double.IsFinite(unlisted), options, name);
        if (unlisted == 0)
        {
            if (low > options.MassTolerance)
                throw new NotComputableException("mass-missing", $"{name} lists all {known.Tokens.Length} tokens of the vocabulary, but their probabilities sum to no more than {1 - low:R}, which is less than 1 by more than the massTolerance of {options.MassTolerance:R}; massTolerance can be raised, to 0.1 at most.");
            return default;
        }

        var cap = Math.Min(CapOf(known, name), high);
        var room = unlisted * cap;
        if (low > room)
        {
            if (low - room > options.MassTolerance)
                throw new NotComputableException("mass-does-not-fit", $"{name} leaves a mass of {low:R} to {unlisted:R} tokens that are not listed, each of which has at most {cap:R}; it is no list of the most likely tokens of this vocabulary.");
            low = room;
        }

        var implied = double.IsInfinity(unlisted) ? 0 : Math.Clamp(low - (unlisted - 1) * cap, 0, cap);
        var floor = options.Floor is { } log ? Math.Exp(log) : 0;
        if (double.IsInfinity(unlisted) && leastUnlisted == 0 && low <= options.MassTolerance) floor = 0;
        var least = floor * (double.IsInfinity(unlisted) ? leastUnlisted : unlisted);
        if (floor > 0 && (floor > cap + options.MassTolerance || least > high + options.MassTolerance))
            throw new NotComputableException("floor-too-high", $"A floor of {options.Floor:R} gives each token that is not listed in {name} at least {floor:R}; the list leaves at most {cap:R} to one of them and {high:R} to all together.");
        return new SideFacts(Math.Max(low, Math.Min(least, high)), Math.Max(high, least), implied, Math.Min(Math.Max(floor, implied), cap), cap);
    }

    private static (double Low, double High) Residual(KnownTokens known, bool someAreUnlisted, BoundOptions options, string name)
    {
        CompensatedSum sum = default, least = default, most = default, noise = default;
        var rounded = false;
        for (var i = 0; i < known.Tokens.Length; i++)
        {
            var (log, uncertainty) = (known.LogProbabilities[i], known.Uncertainties[i]);
            var p = Math.Exp(log);
            sum.Add(p);
            var value = new Known(log, uncertainty);
            least.Add(Math.Exp(value.Low));
            most.Add(Math.Exp(value.High));
            // A double's own rounding: half a unit of the logarithm, and two of the exponential.
            if (p > 0) noise.Add(p * (Math.Abs(log) + 4) * UnitRoundoff);
            rounded |= uncertainty > 0;
        }

        if (least.Value > 1 + options.MassTolerance)
            throw new NotComputableException("mass-exceeds-one", $"The probabilities that {name} lists sum to {sum.Value:R}, more than 1 by more than their digits and the massTolerance of {options.MassTolerance:R} allow; massTolerance can be raised, to 0.1 at most.");
        if (rounded) return (Math.Max(0, 1 - most.Value), Math.Max(0, 1 - least.Value));
        var rest = 1 - sum.Value;
        // What is left by rounding alone is nothing, else every list of a whole vocabulary would have an infinite bound; unless there is a token
        // whose mass it can be.
        return rest <= noise.Value && !someAreUnlisted ? (0, 0) : (Math.Max(0, rest - noise.Value), Math.Max(0, rest) + noise.Value);
    }

    /// <summary>The probability of the least likely of the ranked tokens; 1 if there are none.</summary>
    private static double CapOf(KnownTokens known, string name)
    {
        var cap = double.PositiveInfinity;
        for (var i = 0; i < known.Tokens.Length; i++)
            if (known.Ranked[i]) cap = Math.Min(cap, new Known(known.LogProbabilities[i], known.Uncertainties[i]).High);
        if (double.IsPositiveInfinity(cap)) return 1;
        for (var i = 0; i < known.Tokens.Length; i++)
            if (!known.Ranked[i] && known.LogProbabilities[i] - known.Uncertainties[i] > cap + 1e-6)
                throw new NotComputableException("cap-violation", $"{name} scores a token at {known.LogProbabilities[i]:R} that is not among its most likely ones, the least of which has {cap:R}; it is no list of the most likely tokens.");
        return Math.Exp(cap);
    }
}
