using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Distributions.ClosedForms;

/// <summary>Measures between two distributions by what is known of them by formula: the KL, the integral of p^a q^b, the Wasserstein distance.</summary>
internal static class FormMeasure
{
    /// <summary>The value in nats, or without unit; null where no formula gives it. What rounding makes negative is 0; only a cross-entropy may be less.</summary>
    public static double? Find(Distribution p, Distribution q, Divergence measure) =>
        Value(p, q, measure) is { } value ? value < 0 && measure is not CrossEntropy ? 0 : value : null;

    private static double? Value(Distribution p, Distribution q, Divergence measure)
    {
        switch (measure)
        {
            case Jeffreys or PopulationStability:
                return KullbackLeibler(p, q) + KullbackLeibler(q, p);
            case Divergences.ChiSquared chi:
                return LessOne(chi.Kind == ChiSquaredKind.Pearson ? LogPower(p, q, 2, -1) : LogPower(q, p, 2, -1));
            case Hellinger:
                return -LessOne(LogPower(p, q, 0.5, 0.5)) is { } squared ? Math.Sqrt(Math.Max(0, squared)) : null;
            case SquaredHellinger:
                return -LessOne(LogPower(p, q, 0.5, 0.5));
            default:
                return Of(p, q, measure.OfDensities());
        }
    }

    private static double? Of(Distribution p, Distribution q, DensityForm? form)
    {
        if (form == Divergences.KullbackLeibler.ForwardForm) return KullbackLeibler(p, q);
        if (form == Divergences.KullbackLeibler.ReverseForm) return KullbackLeibler(q, p);
        switch (form)
        {
            case CrossEntropyForm cross:
                return cross.Direction == Direction.Forward ? Cross(p, q) : Cross(q, p);
            case PowerForm power:
                var log = LogPower(p, q, power.A, power.B);
                return power.IsLogarithm ? log / power.Divisor : LessOne(log) / power.Divisor;
            case TransportForm transport:
                return Registry.Find(p.GetType(), q.GetType())?.Wasserstein(p, q, transport.Order) ?? Registry.Find(q.GetType(), p.GetType())?.Wasserstein(q, p, transport.Order);
            default:
                return null;
        }
    }

    private static double? KullbackLeibler(Distribution p, Distribution q) => Registry.Find(p.GetType(), q.GetType())?.KullbackLeibler(p, q);

    private static double? Cross(Distribution p, Distribution q)
    {
        if (KullbackLeibler(p, q) is not { } divergence) return null;
        return double.IsInfinity(divergence) ? divergence : p.EntropyByFormula() + divergence;
    }

    // What a formula leaves of the same distribution twice is rounding.
    private static double? LogPower(Distribution p, Distribution q, double a, double b) => Registry.Find(p.GetType(), q.GetType()) is { } && p == q
        ? 0
        : Registry.Find(p.GetType(), q.GetType())?.LogChernoff(p, q, a) ?? Registry.Find(q.GetType(), p.GetType())?.LogChernoff(q, p, b);

    private static double? LessOne(double? log) => log is { } value ? Elementary.Expm1(value) : null;
}
