using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;
using KlCore.Divergences;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Every closed form that is registered, against quadrature and summation, which know nothing of it.</summary>
public class RegisteredFormTests
{
    private static readonly Univariate[] All = [.. Examples.Typical];

    /// <summary>Up to six pairs of parameters for each form of two univariate families.</summary>
    public static TheoryData<string, string> Forms
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var form in Registry.All.OrderBy(form => form.P.Name, StringComparer.Ordinal).ThenBy(form => form.Q.Name, StringComparer.Ordinal))
            {
                if (All.Any(p => p.GetType() == form.P) && All.Any(q => q.GetType() == form.Q)) data.Add(form.P.Name, form.Q.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ClosedForm_IsWithinTheBoundOfTheIntegral(string p, string q)
    {
        foreach (var (first, second) in PairsOf(p, q))
        {
            foreach (var measure in new Divergence[] { new KullbackLeibler(), new Bhattacharyya(), new Renyi { Order = 1.5 }, new Wasserstein(), new Wasserstein { Order = 2 } })
            {
                if (Found(first, second, measure, Approach.ClosedForm) is not { } closed || Found(first, second, measure, Approach.Quadrature) is not { } integral) continue;
                var bound = (integral.ErrorBound ?? 0) + 1e-10 * closed.Value + 1e-14;
                Assert.True(closed.Value == integral.Value || Math.Abs(closed.Value - integral.Value) <= bound, $"{measure} of {first} and {second}: {closed.Value:R} by formula, {integral.Value:R} within {integral.ErrorBound:G3}");
            }
        }
    }

    [Fact]
    public void Bounds_AreUsuallyAsSmallAsTheyShouldBe()
    {
        var (relative, undecided) = (new List<double>(), 0);
        foreach (var (p, q) in Sampled(150))
        {
            if (Found(p, q, new JensenShannon(), Approach.Quadrature) is not { } measured) undecided++;
            else if (measured.Value > 1e-3) relative.Add(measured.ErrorBound!.Value / measured.Value);
        }

        relative.Sort();
        Assert.Equal(0, undecided);
        Assert.True(relative[relative.Count * 9 / 10] < 1e-10, $"the ninth decile is {relative[relative.Count * 9 / 10]:G3}");
    }

    [Fact]
    public void Laws_HoldBetweenAnyTwo()
    {
        foreach (var (p, q) in Sampled(60))
        {
            var name = $"{p} and {q}";
            if (Found(p, q, new JensenShannon(), Approach.Auto) is not { Value: var js }) continue;
            var (tv, hellinger) = (Value(p, q, new TotalVariation()), Value(p, q, new Hellinger()));
            Assert.InRange(js, 0, Math.Log(2) + 1e-12);
            Assert.True(hellinger * hellinger <= tv + 1e-9 && tv <= hellinger * Math.Sqrt(2 - hellinger * hellinger) + 1e-9, $"TV {tv:R} and H {hellinger:R} of {name}");
            if (Found(p, q, new KullbackLeibler(), Approach.Auto) is not { } divergence) continue;
            Assert.True(divergence.Value >= 2 * hellinger * hellinger - 1e-9 && divergence.Value >= 2 * tv * tv - 1e-9, $"KL {divergence.Value:R} of {name}");
            var last = 0.0;
            foreach (var order in new[] { 0, 0.3, 0.9, 1, 1.1, 3, double.PositiveInfinity })
            {
                if (Found(p, q, new Renyi { Order = order }, Approach.Auto) is not { } measured) continue;
                Assert.True(measured.Value >= last || measured.Value >= last - 1e-8 * (1 + last), $"Renyi of order {order} of {name}: {measured.Value:R} after {last:R}");
                last = measured.Value;
            }
        }
    }

    [Fact]
    public void EveryMeasure_OfTheSameTwice_IsZero()
    {
        foreach (var p in All)
        {
            foreach (var measure in Measures.Everything.Where(measure => measure is not CrossEntropy)) Assert.Equal(0, Measures.Between(p, p with { }, measure).Value);
        }
    }

    private static IEnumerable<(Univariate P, Univariate Q)> PairsOf(string p, string q) =>
        (from first in All.Where(x => x.GetType().Name == p) from second in All.Where(x => x.GetType().Name == q) select (first, second)).Take(6);

    // Spread over all pairs of one kind by steps that have no factor in common with their number.
    private static IEnumerable<(Univariate P, Univariate Q)> Sampled(int count)
    {
        var pairs = (from p in All from q in All where p is Discrete == q is Discrete && p != q select (p, q)).ToArray();
        return Enumerable.Range(0, count).Select(i => pairs[(int)(i * 7919L % pairs.Length)]);
    }

    private static double Value(Univariate p, Univariate q, Divergence measure) => Measures.Between(p, q, measure).Value;

    private static Measurement? Found(Univariate p, Univariate q, Divergence measure, Approach method)
    {
        try
        {
            return Measures.Between(p, q, measure, method);
        }
        catch (NotComputableException refusal) when (refusal.Code is "no-closed-form" or "undecided" or "too-many-terms" || (refusal.Code == "not-resolved" && measure is Renyi { Order: > 1 }))
        {
            return null;
        }
    }
}
