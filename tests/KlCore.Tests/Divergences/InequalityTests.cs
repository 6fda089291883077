using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

/// <summary>What is known of any two measures of one pair.</summary>
public class InequalityTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void Law_Pinsker_BoundsTotalVariation() => Holds(pair => (2 * Square(new TotalVariation(), pair), Value(new KullbackLeibler(), pair)));

    [Fact]
    public void Law_BretagnolleHuber_BoundsTotalVariation() =>
        Holds(pair => (Value(new TotalVariation(), pair), Math.Sqrt(1 - Math.Exp(-Value(new KullbackLeibler(), pair)))), Math.Sqrt(2e-16));

    [Fact]
    public void Law_JensenShannon_IsAtMostLogTwo() => Holds(pair => (Value(new JensenShannon(), pair), Math.Log(2)));

    [Fact]
    public void Law_Hellinger_BoundsKullbackLeiblerFromBelow() => Holds(pair => (2 * Square(new Hellinger(), pair), Value(new KullbackLeibler(), pair)));

    [Fact]
    public void Law_Hellinger_BoundsTotalVariationOnBothSides()
    {
        Holds(pair => (Square(new Hellinger(), pair), Value(new TotalVariation(), pair)));
        Holds(pair => (Value(new TotalVariation(), pair), Value(new Hellinger(), pair) * Math.Sqrt(2 - Square(new Hellinger(), pair))));
    }

    [Fact]
    public void Law_ChiSquared_BoundsKullbackLeibler() =>
        Holds(pair => (Value(new KullbackLeibler(), pair), Math.Log(1 + Value(new ChiSquared(), pair))), 1e-15);

    [Fact]
    public void Law_Renyi_DoesNotDecreaseInItsOrder()
    {
        double[] orders = [0, 0.1, 0.5, 0.9, 0.999999, 1, 1.000001, 1.5, 2, 10, 1000, double.PositiveInfinity];
        foreach (var (low, high) in orders.Zip(orders.Skip(1)))
            Holds(pair => (Value(new Renyi { Order = low }, pair), Value(new Renyi { Order = high }, pair)));
    }

    [Fact]
    public void Law_Renyi_IsContinuousAtOne()
    {
        foreach (var pair in Sample.Pairs().Where(pair => Support.Of(pair).MassOfPOutsideQ == 0))
        {
            var limit = Value(new KullbackLeibler(), pair);
            foreach (var order in (double[])[1 - 1e-13, 1 + 1e-13]) Assert.Equal(limit, Value(new Renyi { Order = order }, pair), 1e-10 * Math.Max(limit, 1e-300));
        }
    }

    [Fact]
    public void Law_FirstWasserstein_IsAtMostTheSecond() => Holds(pair => (Value(new Wasserstein(), pair), Value(new Wasserstein { Order = 2 }, pair)));

    [Fact]
    public void Law_Products_AddUp()
    {
        double[] p = [0.1, 0.9], q = [0.3, 0.7], r = [0.2, 0.3, 0.5], s = [0.5, 0.25, 0.25];
        var product = Pair.From(Product(p, r), Product(q, s));
        foreach (var measure in (Divergence[])[new KullbackLeibler(), new Renyi { Order = 0.7 }, new Bhattacharyya()])
            Assert.Equal(Value(measure, Pair.From(p, q)) + Value(measure, Pair.From(r, s)), Value(measure, product), 1e-14);
    }

    private static double[] Product(double[] p, double[] q) => [.. from a in p from b in q select a * b];

    private static double Value(Divergence measure, Pair pair) => measure.Between(pair).Value;

    private static double Square(Divergence measure, Pair pair) => Math.Pow(Value(measure, pair), 2);

    private static void Holds(Func<Pair, (double Less, double More)> sides, double absolute = 0)
    {
        foreach (var pair in Sample.Pairs())
        {
            var (less, more) = sides(pair);
            Assert.True(less <= more * (1 + Rounding) + absolute, $"{less:R} > {more:R} for {string.Join(' ', pair.P.ToArray())} and {string.Join(' ', pair.Q.ToArray())}");
        }
    }
}
