using KlCore.Logprobs;

namespace KlCore.Tests.Logprobs;

/// <summary>Lists for tests, and divergences by their textbook definitions.</summary>
internal static class Lists
{
    public static KnownTokens Of(params (int Token, double Probability)[] tokens) =>
        OfLogs([.. tokens.Select(token => (token.Token, Math.Log(token.Probability)))]);

    public static KnownTokens OfLogs(params (int Token, double Log)[] tokens) => new()
    {
        Tokens = [.. tokens.Select(token => token.Token)],
        LogProbabilities = [.. tokens.Select(token => token.Log)],
        Uncertainties = new double[tokens.Length],
        Ranked = [.. tokens.Select(_ => true)],
    };

    /// <summary>The k most likely tokens of a distribution.</summary>
    public static KnownTokens Top(double[] distribution, int k) =>
        Of([.. distribution.Select((mass, token) => (token, mass)).OrderByDescending(entry => entry.mass).Take(k)]);

    public static double Kl(double[] p, double[] q) => p.Zip(q, (a, b) => a == 0 ? 0 : b == 0 ? double.PositiveInfinity : a * Math.Log(a / b)).Sum();

    public static double JensenShannon(double[] p, double[] q)
    {
        double[] middle = [.. p.Zip(q, (a, b) => (a + b) / 2)];
        return (Kl(p, middle) + Kl(q, middle)) / 2;
    }

    public static double TotalVariation(double[] p, double[] q) => p.Zip(q, (a, b) => Math.Abs(a - b)).Sum() / 2;

    public static double Hellinger(double[] p, double[] q) => Math.Sqrt(Math.Max(0, 1 - p.Zip(q, (a, b) => Math.Sqrt(a * b)).Sum()));

    /// <summary>Each divergence by its definition beside the bracket for it.</summary>
    public static IEnumerable<(string Name, double Value, Bracket Bracket)> Beside(this PositionBounds bounds, double[] p, double[] q)
    {
        yield return ("forward", Kl(p, q), bounds.Forward);
        yield return ("reverse", Kl(q, p), bounds.Reverse);
        yield return ("jensenShannon", JensenShannon(p, q), bounds.JensenShannon);
        yield return ("totalVariation", TotalVariation(p, q), bounds.TotalVariation);
        yield return ("hellinger", Hellinger(p, q), bounds.Hellinger);
    }

    public static void AssertHolds(PositionBounds bounds, double[] p, double[] q, double tolerance = 1e-9)
    {
        foreach (var (name, value, bracket) in bounds.Beside(p, q))
        {
            // The definition of Hellinger loses half its digits near 0.
            var slack = name == "hellinger" ? Math.Max(tolerance, 3e-8) : tolerance;
            Assert.True(bracket.Lower <= value + slack && value <= bracket.Upper + slack, $"{name} {value:R} is not within [{bracket.Lower:R}, {bracket.Upper:R}]");
            Assert.True(bracket.Lower >= 0 && bracket.Lower <= bracket.Upper, name);
        }
    }

    /// <summary>Exponential weights: a Dirichlet draw, the more uneven the smaller the shape.</summary>
    public static double[] Draw(Random random, int count, double sharpness)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => Math.Pow(-Math.Log(1 - random.NextDouble()), sharpness))];
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
