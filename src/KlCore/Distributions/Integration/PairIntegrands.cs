using KlCore.Divergences;

namespace KlCore.Distributions.Integration;

/// <summary>Integrands over two log densities.</summary>
internal static class PairIntegrands
{
    // A logarithm of a density is taken to be right to this many units of rounding of its largest ingredient.
    private const double Epsilon = 4.5e-16;

    private const double Nothing = -1e4;
    private const double FarBelow = -1e307;

    /// <summary>A term of a measure, found relative to the larger of p and q so that neither over- nor underflows.</summary>
    public static Integrand OfTerm(LinePair pair, Func<Cell, double> term)
    {
        return At;

        Spot At(double x, double logWeight)
        {
            var (logP, logQ) = Logarithms(pair, x);
            // Beyond this no factor within the range of a double brings anything back.
            if (Math.Max(logP, logQ) < Nothing) return default;
            var error = Epsilon * (4 + Finite(logP) + Finite(logQ));
            var value = Scaled(term, logP, logQ, logWeight);
            // The smaller one is moved, so that what is divided by stays.
            var (up, down) = logQ <= logP
                ? (Scaled(term, logP, logQ + error, logWeight), Scaled(term, logP, logQ - error, logWeight))
                : (Scaled(term, logP + error, logQ, logWeight), Scaled(term, logP - error, logQ, logWeight));
            var rounding = Math.Max(Math.Abs(up - value), Math.Abs(down - value)) + Math.Abs(value) * Epsilon * (4 + Finite(Math.Max(logP, logQ)) + Math.Abs(logWeight));
            return new Spot(value, double.IsNaN(rounding) ? double.PositiveInfinity : rounding, Math.Exp(logP + logWeight), Math.Exp(logQ + logWeight));
        }
    }

    /// <summary>p^a q^b, divided by e^<paramref name="shift"/>.</summary>
    public static Integrand OfPower(LinePair pair, double a, double b, double shift)
    {
        return At;

        Spot At(double x, double logWeight)
        {
            var (logP, logQ) = Logarithms(pair, x);
            var value = Math.Exp(Sum(a, logP, b, logQ) + logWeight - shift);
            if (value == 0) return default(Spot) with { P = Math.Exp(logP + logWeight), Q = Math.Exp(logQ + logWeight) };
            var error = Epsilon * (4 + Math.Abs(a) * Finite(logP) + Math.Abs(b) * Finite(logQ) + Math.Abs(logWeight));
            return new Spot(value, value * error, Math.Exp(logP + logWeight), Math.Exp(logQ + logWeight));
        }
    }

    /// <summary>-p ln q.</summary>
    public static Integrand OfCross(LinePair pair)
    {
        return At;

        Spot At(double x, double logWeight)
        {
            var (logP, logQ) = Logarithms(pair, x);
            var p = Math.Exp(logP + logWeight);
            // p may have underflowed where its product with a very large logarithm has not.
            var value = double.IsNegativeInfinity(logP) || logQ == 0 ? 0 : -Math.Sign(logQ) * Math.Exp(logP + logWeight + Math.Log(Math.Abs(logQ)));
            var error = Epsilon * (4 + Finite(logP) + Math.Abs(logWeight));
            return new Spot(value, Math.Abs(value) * error + p * Epsilon * (4 + Finite(logQ)), p, Math.Exp(logQ + logWeight));
        }
    }

    /// <summary>a ln p + b ln q; what is outside a support counts nothing for a positive power and infinitely much for a negative one.</summary>
    public static double LogPower(LinePair pair, double a, double b, double x)
    {
        var (logP, logQ) = Logarithms(pair, x);
        return Sum(a, logP, b, logQ);
    }

    /// <summary>ln p and ln q at a point that both may give.</summary>
    public static (double LogP, double LogQ) Logarithms(LinePair pair, double x)
    {
        var (logP, logQ) = (pair.P.LogDensity(x), pair.Q.LogDensity(x));
        if (pair.IsDiscrete) return (logP, logQ);
        // Inside the support it is not 0, only beyond the range of a double.
        return (Inside(logP, pair.P, x), Inside(logQ, pair.Q, x));
    }

    private static double Inside(double log, Univariate distribution, double x)
    {
        if (!double.IsNegativeInfinity(log)) return log;
        var (lower, upper) = distribution.Support();
        return x > lower && x < upper ? FarBelow : log;
    }

    private static double Scaled(Func<Cell, double> term, double logP, double logQ, double logWeight)
    {
        var value = term(Cell.OfLogarithms(logP, logQ, out var scale));
        var exponent = scale + logWeight;
        if (value == 0 || double.IsNegativeInfinity(exponent)) return 0;
        return Math.Abs(exponent) < 600 && Math.Abs(value) < 1e40 ? Math.Exp(exponent) * value : Math.Sign(value) * Math.Exp(exponent + Math.Log(Math.Abs(value)));
    }

    // Where one of them is beyond the range of a double the integrand is falling, whatever their sum seems to be: that the integral exists has been seen to.
    private static double Sum(double a, double logP, double b, double logQ) =>
        Power(a, logP) + Power(b, logQ) is var sum && sum < 1e300 ? sum : double.NegativeInfinity;

    private static double Power(double exponent, double log) => exponent == 0 ? double.IsNegativeInfinity(log) ? log : 0 : exponent * log;

    private static double Finite(double log) => double.IsFinite(log) ? Math.Abs(log) : 0;
}
