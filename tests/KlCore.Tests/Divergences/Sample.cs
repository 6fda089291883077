using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

/// <summary>Measures with telling parameters, and pairs of all shapes from fixed seeds.</summary>
internal static class Sample
{
    private static readonly Divergence[] All =
    [
        new KullbackLeibler(), new KullbackLeibler { Direction = Direction.Reverse }, new Jeffreys(), new JensenShannon(), new JensenShannon { Weight = 0.2 },
        new JensenShannonDistance(), new Skew { Lambda = 0.1 }, new KDivergence(), new Topsoe(), new Renyi { Order = 0 }, new Renyi { Order = 0.3 },
        new Renyi { Order = 2 }, new Renyi { Order = double.PositiveInfinity }, new Tsallis { Order = 0 }, new Tsallis { Order = 0.5 }, new Tsallis { Order = 3 },
        new Amari { Alpha = -2 }, new Amari { Alpha = 0.5 }, new Amari { Alpha = 1 }, new Power { Lambda = -2 }, new Power { Lambda = -0.3 }, new Power { Lambda = 2.0 / 3 },
        new ChiSquared(), new ChiSquared { Kind = ChiSquaredKind.Neyman }, new Hellinger(), new SquaredHellinger(), new Bhattacharyya(), new TotalVariation(),
        new Triangular(), new PopulationStability(), new CrossEntropy(), new CrossEntropy { Direction = Direction.Reverse }, new GeneralizedKullbackLeibler(),
        new Wasserstein(), new Wasserstein { Order = 2 }, new Sinkhorn { Regularization = 2 }, new Sinkhorn { Regularization = 2, Value = SinkhornValue.Divergence },
        new EnergyDistance(), new KolmogorovSmirnov(),
    ];

    public static IReadOnlyDictionary<string, Divergence> Measures { get; } = All.ToDictionary(measure => measure.ToString());

    /// <summary>Dense, sparse, disjoint, long-tailed, nearly equal, long and short pairs, as weights or as the logits of them.</summary>
    public static IEnumerable<Pair> Pairs(InputKind? kind = null)
    {
        var random = new Random(20);
        foreach (var length in (int[])[1, 2, 3, 8, 17])
        {
            foreach (var shape in (Func<Random, double, double>[])[Dense, Sparse, LongTailed, NearlyEqual])
            {
                var p = Numbers(random, length, (r, _) => r.NextDouble() + 0.01);
                var q = p.Select(value => shape(random, value)).ToArray();
                if (q.All(value => value == 0)) q[0] = 1;
                if (kind is null or InputKind.Weights) yield return Pair.From(p, q, new() { Input = InputKind.Weights });
                if (kind is null or InputKind.Logits) yield return Pair.From(Logs(p), Logs(q), new() { Input = InputKind.Logits, Temperature = 1.5 });
            }
        }
    }

    /// <summary>Three distributions over the same categories.</summary>
    public static IEnumerable<(MassFunction P, MassFunction Q, MassFunction R)> Triples()
    {
        var random = new Random(21);
        for (var i = 0; i < 50; i++)
        {
            var sides = Enumerable.Range(0, 3).Select(_ => Numbers(random, 5, Sparse)).ToArray();
            foreach (var side in sides) side[i % 5] += 0.1;
            var read = sides.Select(side => MassFunction.Read(side, new() { Input = InputKind.Weights })).ToArray();
            yield return (read[0], read[1], read[2]);
        }
    }

    private static double Dense(Random random, double value) => random.NextDouble() + 0.01;

    private static double Sparse(Random random, double value) => random.Next(3) == 0 ? 0 : random.NextDouble();

    private static double LongTailed(Random random, double value) => Math.Exp(-30 * random.NextDouble());

    private static double NearlyEqual(Random random, double value) => value * (1 + 1e-9 * random.NextDouble());

    private static double[] Numbers(Random random, int length, Func<Random, double, double> shape) =>
        [.. Enumerable.Range(0, length).Select(_ => shape(random, 1))];

    private static double[] Logs(double[] values) => Array.ConvertAll(values, Math.Log);
}
