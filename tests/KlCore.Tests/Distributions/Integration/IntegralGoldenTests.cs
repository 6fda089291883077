using System.Text.Json;
using KlCore.Distributions;
using KlCore.Divergences;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>Quadrature against integrals of 25 digits: heavy tails, poles, scales a million apart.</summary>
public class IntegralGoldenTests
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly JsonElement Data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "integrals.json"))).RootElement;

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Data.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Quadrature_IsWithinItsBound_WhichIsSmall(int row)
    {
        var (p, q) = (Read("p"), Read("q"));
        foreach (var (name, measure) in new (string, Divergence)[] { ("kullbackLeibler", new KullbackLeibler()), ("jensenShannon", new JensenShannon()), ("bhattacharyya", new Bhattacharyya()) })
        {
            var expected = Data[row].GetProperty(name).GetDouble();
            var measured = Measures.Between(p, q, measure, Approach.Quadrature);
            Assert.True(Math.Abs(measured.Value - expected) <= measured.ErrorBound + 1e-15 * expected, $"{name} of {p} and {q}: {measured.Value:R} within {measured.ErrorBound:G3}, not {expected:R}");
            Assert.True(measured.ErrorBound < 1e-9 * (1 + expected), $"{name} of {p} and {q} has a bound of {measured.ErrorBound:G3}");
        }

        Distribution Read(string name) => Data[row].GetProperty(name).Deserialize<Distribution>(Options)!;
    }

    [Fact]
    public void TailsThatOutgrowEachOther_AreInfinite_AndNeverALargeNumber()
    {
        var normal = new Normal { Mean = 0, StandardDeviation = 1 };
        var cauchy = new HalfCauchy { Scale = 1 };
        Infinite(cauchy, new HalfNormal { Scale = 1 });
        Infinite(cauchy, new Exponential { Rate = 1 });
        Infinite(cauchy, normal);
        Infinite(new Lomax { Shape = 2, Scale = 1 }, new HalfNormal { Scale = 5 });
        Infinite(new Exponential { Rate = 1 }, new InverseGamma { Shape = 1, Scale = 1 });
        Infinite(new Exponential { Rate = 1 }, new Levy { Scale = 1 });
        Infinite(new LogNormal { Location = 0, Scale = 1 }, new Gompertz { Shape = 1, Rate = 1 });
        Infinite(normal, cauchy);
        Infinite(new Pareto { Scale = 1, Shape = 1 }, new Pareto { Scale = 2, Shape = 1 });
        Finite(new Lomax { Shape = 2.1, Scale = 1 }, new HalfNormal { Scale = 5 });
        Finite(new LogNormal { Location = 0, Scale = 1 }, new HalfNormal { Scale = 1 });
        Finite(new Gamma { Shape = 2.5, Rate = 1 }, new InverseGamma { Shape = 1, Scale = 1 });
    }

    private static void Infinite(Distribution p, Distribution q) => Assert.Equal(double.PositiveInfinity, Measures.Between(p, q, new KullbackLeibler(), Approach.Quadrature).Value);

    private static void Finite(Distribution p, Distribution q) => Assert.True(double.IsFinite(Measures.Between(p, q, new KullbackLeibler(), Approach.Quadrature).Value));
}
