using KlCore.Distributions;
using KlCore.Distributions.ClosedForms;
using KlCore.Numerics;

namespace KlCore.Tests.Distributions;

/// <summary>What holds of every closed form, run over all pairs of <see cref="Examples"/>, extreme ones included.</summary>
public class ClosedFormLawTests
{
    private static readonly Univariate[] Everything = [.. Examples.Typical, .. Examples.Extreme];

    private static readonly double[] Beyond = [0.5, 1, 1.5, 2, 3, 5, 10, 20, 40, 80];

    public static TheoryData<Univariate> All => [.. Everything];

    public static TheoryData<Univariate> Typical => [.. Examples.Typical];

    [Theory]
    [MemberData(nameof(All))]
    public void KullbackLeibler_OfAnyPair_IsANumberOfAtLeastZero(Univariate p)
    {
        foreach (var (q, form) in Known(p, Everything))
        {
            if (form.KullbackLeibler(p, q) is { } value) Assert.True(value >= 0, $"{p} to {q}: {value:R}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void KullbackLeibler_OfEqual_IsZero(Univariate p)
    {
        if (Registry.Find(p.GetType(), p.GetType())?.KullbackLeibler(p, p) is { } value) Assert.Equal(0, value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void LogChernoff_OfAnyPair_IsANumberOfAtMostZero(Univariate p)
    {
        foreach (var (q, form) in Known(p, Everything))
        {
            foreach (var weight in new[] { 0.01, 0.5, 0.9 })
            {
                if (form.LogChernoff(p, q, weight) is { } value) Assert.True(value <= 0, $"{p} to {q}, {weight}: {value:R}");
            }

            foreach (var weight in new[] { -1, 2.0 })
            {
                if (form.LogChernoff(p, q, weight) is { } value) Assert.True(value >= -1e-12, $"{p} to {q}, {weight}: {value:R}");
            }
        }
    }

    // ln of the integral of p^w q^(1-w) leaves 0 at w = 1 with the slope KL; the curvature is at most the slope's change over an interval 1e-6 wide.
    [Theory]
    [MemberData(nameof(Typical))]
    public void LogChernoff_NearOne_LeavesZeroLikeKullbackLeibler(Univariate p)
    {
        foreach (var (q, form) in Known(p, Examples.Typical))
        {
            if (form.LogChernoff(p, q, 1 - 1e-6) is not { } log || form.KullbackLeibler(p, q) is not { } divergence) continue;
            if (double.IsInfinity(divergence)) Assert.True(-log / 1e-6 > 100, $"{p} to {q}: {log:R}");
            else Assert.True(Math.Abs(-log / 1e-6 - divergence) <= 1e-4 * (divergence + divergence * divergence) + 1e-9, $"{p} to {q}: {-log / 1e-6:R}, not {divergence:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Typical))]
    public void LogChernoff_WithBothExchanged_IsTheSame(Univariate p)
    {
        foreach (var (q, form) in Known(p, Examples.Typical))
        {
            if (form.LogChernoff(p, q, 0.3) is not { } there || Registry.Find(q.GetType(), p.GetType())?.LogChernoff(q, p, 0.7) is not { } back) continue;
            Assert.True(Math.Abs(there - back) <= 1e-12 * Math.Abs(there) + 1e-15, $"{p} and {q}: {there:R} and {back:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Typical))]
    public void LogChernoff_IsTheLogarithmOfTheIntegral(Univariate p)
    {
        if (p is Discrete || p.Support().Lower < 0) return;
        foreach (var (q, form) in Known(p, Examples.Typical))
        {
            foreach (var weight in new[] { 0.4, 1.2 })
            {
                if (form.LogChernoff(p, q, weight) is not { } log || double.IsInfinity(log)) continue;
                double[] shares = [1e-20, 1e-8, 1e-3, 0.1, 0.5];
                var breaks = shares.SelectMany(share => new[] { p.Quantile(share), p.UpperQuantile(share), q.Quantile(share), q.UpperQuantile(share) }).Select(x => Math.Log(x)).Distinct().Order().ToArray();
                // A weight above 1 gives more to the tails than either has.
                breaks = [.. Beyond.OrderDescending().Select(far => breaks[0] - far), .. breaks, .. Beyond.Select(far => breaks[^1] + far)];
                var integral = GaussKronrod.Integrate(v => Term(p.LogDensity(Math.Exp(v)), q.LogDensity(Math.Exp(v)), v), breaks, 1e-11, 400);
                Assert.True(Math.Abs(Math.Exp(log) - integral.Value) <= 1e-9 * integral.Value + integral.ErrorBound, $"{p} and {q}, {weight}: {Math.Exp(log):R}, not {integral.Value:R}");

                double Term(double logP, double logQ, double v) => double.IsNegativeInfinity(logP) || double.IsNegativeInfinity(logQ) ? 0 : Math.Exp(weight * logP + (1 - weight) * logQ + v);
            }
        }
    }

    // W_k is the mean of |difference of quantiles|^k; its outermost 1e-13 is left out, which with heavy tails costs digits.
    [Theory]
    [MemberData(nameof(Typical))]
    public void Wasserstein_IsTheMeanDistanceOfQuantiles(Univariate p)
    {
        if (p is Discrete) return;
        foreach (var (q, form) in Known(p, Examples.Typical))
        {
            foreach (var order in new[] { 1, 2 })
            {
                if (form.Wasserstein(p, q, order) is not { } distance || double.IsInfinity(distance)) continue;
                double[] breaks = [-30, -15, -7, -3, -1.5, Math.Log(0.5)];
                var lower = GaussKronrod.Integrate(v => Math.Exp(v) * Math.Pow(Math.Abs(p.Quantile(Math.Exp(v)) - q.Quantile(Math.Exp(v))), order), breaks, 1e-9, 200).Value;
                var upper = GaussKronrod.Integrate(v => Math.Exp(v) * Math.Pow(Math.Abs(p.UpperQuantile(Math.Exp(v)) - q.UpperQuantile(Math.Exp(v))), order), breaks, 1e-9, 200).Value;
                var expected = Math.Pow(lower + upper, 1.0 / order);
                Assert.True(Math.Abs(distance - expected) <= (order == 1 ? 1e-6 : 1e-2) * expected, $"{p} and {q}, order {order}: {distance:R}, not {expected:R}");
            }
        }
    }

    private static IEnumerable<(Univariate Q, ClosedForm Form)> Known(Univariate p, IEnumerable<Univariate> others) =>
        from q in others
        let form = Registry.Find(p.GetType(), q.GetType())
        where form is not null
        select (q, form);
}
