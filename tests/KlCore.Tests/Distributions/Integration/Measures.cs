using KlCore.Distributions;
using KlCore.Divergences;
using Triangular = KlCore.Divergences.Triangular;

namespace KlCore.Tests.Distributions.Integration;

/// <summary>What the tests of this folder measure.</summary>
internal static class Measures
{
    /// <summary>Every measure that there is between densities, with parameters where they have none by default.</summary>
    public static Divergence[] Everything =>
    [
        new KullbackLeibler(), new KullbackLeibler { Direction = Direction.Reverse }, new Jeffreys(), new JensenShannon(), new JensenShannon { Weight = 0.2 }, new JensenShannonDistance(),
        new Skew { Lambda = 0.3 }, new KDivergence(), new Topsoe(), new Renyi { Order = 0 }, new Renyi { Order = 0.5 }, new Renyi { Order = 2 }, new Renyi { Order = double.PositiveInfinity },
        new Tsallis { Order = 0.5 }, new Tsallis { Order = 2 }, new Amari { Alpha = 0.5 }, new Amari { Alpha = -3 }, new Power { Lambda = 2.0 / 3 }, new KlCore.Divergences.ChiSquared(), new KlCore.Divergences.ChiSquared { Kind = ChiSquaredKind.Neyman },
        new Hellinger(), new SquaredHellinger(), new Bhattacharyya(), new TotalVariation(), new Triangular(), new PopulationStability(), new CrossEntropy(), new GeneralizedKullbackLeibler(),
        new Wasserstein(), new Wasserstein { Order = 2 }, new EnergyDistance(), new KolmogorovSmirnov(),
    ];

    public static Measurement Between(Distribution p, Distribution q, Divergence measure, Approach method = Approach.Auto, int samples = 100_000) =>
        DistributionPair.TryFrom(p, q, new Problems())!.Measure(measure, new MeasureOptions { Method = method, Samples = samples });
}
