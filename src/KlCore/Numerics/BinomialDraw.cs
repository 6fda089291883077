namespace KlCore.Numerics;

/// <summary>
/// How many of n trials of probability p succeed, for n up to 1e15. The k-th smallest of n uniform numbers is a beta variate; drawing that of
/// k = p n tells most of the answer and leaves a much smaller number of trials. What little is then expected is drawn by the gaps between
/// successes. Source: L. Devroye, Non-Uniform Random Variate Generation (1986), X.4.4 and X.4.3.
/// </summary>
internal static class BinomialDraw
{
    /// <summary>So few successes are found one by one.</summary>
    private const double Few = 16;

    /// <summary>One draw; whole.</summary>
    public static double Of(double trials, double probability, RandomStream random)
    {
        if (probability >= 1) return trials;
        var successes = 0.0;
        while (trials * Math.Min(probability, 1 - probability) > Few)
        {
            var place = Math.Clamp(Math.Floor((trials + 1) * probability), 1, trials);
            var (own, other) = (GammaDraw.Of(place, random), GammaDraw.Of(trials + 1 - place, random));
            var value = own / (own + other);
            if (value <= probability)
            {
                successes += place;
                trials -= place;
                probability = Math.Clamp((probability - value) / (1 - value), 0, 1);
            }
            else
            {
                trials = place - 1;
                probability = Math.Clamp(probability / value, 0, 1);
            }
        }

        return successes + (probability <= 0.5 ? OneByOne(trials, probability, random) : trials - OneByOne(trials, 1 - probability, random));
    }

    private static double OneByOne(double trials, double probability, RandomStream random)
    {
        if (probability <= 0) return 0;
        var scale = 1 / Elementary.Log1p(-probability);
        var count = 0;
        for (var place = 0.0; ; count++)
        {
            place += Math.Floor(Math.Log(random.NextUniform()) * scale) + 1;
            if (place > trials) return count;
        }
    }
}
