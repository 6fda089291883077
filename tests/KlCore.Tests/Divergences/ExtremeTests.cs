using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

/// <summary>Whatever numbers are legal, every measure has a value that is no NaN and not negative, and so have the facts beside it.</summary>
public class ExtremeTests
{
    private static readonly double[] Weights = [0, 5e-324, 1e-310, 1e-200, 1e-20, 0.25, 1, 3, 1e20, 1e200, 1e308, double.MaxValue];
    private static readonly double[] Scores = [double.NegativeInfinity, -double.MaxValue, -1e15, -800, -1, 0, 1e-20, 1, 700, 1e15, 1e300, double.MaxValue];

    public static TheoryData<string> Measures => [.. Sample.Measures.Keys];

    [Theory]
    [MemberData(nameof(Measures))]
    public void Between_AnyLegalNumbers_IsNoNaNAndNotNegative(string name)
    {
        foreach (var pair in Pairs(500)) Assert.True(Value(Sample.Measures[name], pair) >= 0, Describe(pair));
    }

    [Fact]
    public void Facts_AnyLegalNumbers_AreNoNaN()
    {
        foreach (var pair in Pairs(5000))
        {
            var (entropies, support) = (Entropies.Of(pair), Support.Of(pair));
            double[] numbers = [entropies.P, entropies.Q, entropies.CrossForward, entropies.CrossReverse, support.MassOfPOutsideQ, support.MassOfQOutsideP];
            Assert.True(numbers.All(number => number >= 0), Describe(pair));
            Assert.DoesNotContain(double.NaN, Contributions.Of(pair));
            _ = Warnings.Of(pair);
        }
    }

    /// <summary>An entropic plan may be refused, and that is an answer, too.</summary>
    private static double Value(Divergence measure, Pair pair)
    {
        try
        {
            return measure.Between(pair).Value;
        }
        catch (InvalidOperationException wrong)
        {
            throw new InvalidOperationException(Describe(pair), wrong);
        }
        catch (NotComputableException)
        {
            return 0;
        }
    }

    private static IEnumerable<Pair> Pairs(int count)
    {
        var random = new Random(30);
        for (var i = 0; i < count; i++)
        {
            var (input, values) = random.Next(2) == 0 ? (InputKind.Weights, Weights) : (InputKind.Logits, Scores);
            var length = random.Next(1, 6);
            double[] Draw() => [values[random.Next(1, values.Length)], .. Enumerable.Range(1, length).Select(_ => values[random.Next(values.Length)])];
            Smoothing smoothing = random.Next(4) switch { 0 => new Additive { Alpha = 0.5 }, 1 => new JelinekMercer(), _ => new NoSmoothing() };
            yield return Pair.From(Draw(), Draw(), new() { Input = input, Smoothing = smoothing, Temperature = input == InputKind.Logits && random.Next(2) == 0 ? 1e-3 : 1 });
        }
    }

    private static string Describe(Pair pair) =>
        $"{pair.First.How.Input} {pair.First.How.Smoothing} T {pair.First.How.Temperature}: {string.Join(' ', pair.First.Given.ToArray())} and {string.Join(' ', pair.Second.Given.ToArray())}";
}
