using System.Text.Json;
using KlCore.Losses;

namespace KlCore.Tests.Losses;

/// <summary>Every loss, its gradient and its reductions against torch (Reference/losses.py), whose own terms of size 1 cancel to about 1e-14.</summary>
public sealed class LossGoldenTests
{
    [Fact]
    public void Evaluate_EveryGoldenCase_AgreesWithTorchInValueAndGradient()
    {
        var golden = LossGolden.Read();
        Assert.True(golden.Cases.Count > 150);
        var misses = new List<string>();
        foreach (var expected in golden.Cases)
        {
            var found = LossEvaluation.Of(expected.Loss, golden.Batch(expected.Pair), new LossOptions { Temperature = expected.Temperature, Gradient = true });
            var counted = found.PerPosition.Where((_, i) => golden.Labels[i] != -100).ToArray();
            for (var i = 0; i < counted.Length; i++)
                if (Math.Abs(counted[i] - expected.Values[i]) > 1e-12 * Math.Abs(expected.Values[i]) + 1e-14) misses.Add($"{expected.Loss} {expected.Pair} T={expected.Temperature} value {i}: {expected.Values[i]:R}, was {counted[i]:R}");
            for (var i = 0; i < expected.Gradient.Length; i++)
                for (var j = 0; j < expected.Gradient[i].Length; j++)
                    if (Math.Abs(found.Gradient!.Rows[i]![j] - expected.Gradient[i][j]) > 2e-14 * (1 + Math.Abs(expected.Gradient[i][j]))) misses.Add($"{expected.Loss} {expected.Pair} T={expected.Temperature} gradient {i},{j}: {expected.Gradient[i][j]:R}, was {found.Gradient.Rows[i]![j]:R}");
        }

        Assert.True(misses.Count == 0, string.Join(Environment.NewLine, misses.Take(20)));
    }

    [Fact]
    public void Golden_EveryLoss_HasCases() =>
        Assert.Empty(LossCatalogue.All.Select(entry => entry.Type).Except(LossGolden.Read().Cases.Select(golden => golden.Loss.GetType())));

    /// <summary>torch's <c>mean</c> divides by the vocabulary too, its <c>batchmean</c> by the first dimension.</summary>
    [Fact]
    public void Reductions_OfForwardKl_AreThoseOfTorch()
    {
        var golden = LossGolden.Read();
        var torch = golden.Reductions.GetProperty("kl_div");
        var masked = LossEvaluation.Of(new ForwardKullbackLeibler(), golden.Batch("moderate"), new LossOptions()).Reductions;
        Assert.Equal(torch.GetProperty("sum").GetDouble(), masked.Sum, 1e-12);
        Assert.Equal(torch.GetProperty("batchmean").GetDouble(), masked.TokenMean, 1e-12);
        Assert.Equal(torch.GetProperty("mean").GetDouble(), masked.ElementMean, 1e-12);
        Assert.Equal(torch.GetProperty("sum").GetDouble() / 6, masked.BatchMean, 1e-12);

        var all = golden.Reductions.GetProperty("kl_div_all_rows");
        var unmasked = LossEvaluation.Of(new ForwardKullbackLeibler(), golden.Batch("moderate") with { Labels = null }, new LossOptions()).Reductions;
        Assert.Equal(all.GetProperty("batchmean").GetDouble(), unmasked.BatchMean, 1e-12);
        Assert.Equal(all.GetProperty("mean").GetDouble(), unmasked.ElementMean, 1e-12);
    }

    [Fact]
    public void Reductions_OfLossesWithOneTermAPosition_AreThoseOfTorch()
    {
        var golden = LossGolden.Read();
        var batch = golden.Batch("moderate");
        var entropy = LossEvaluation.Of(new CrossEntropy(), batch, new LossOptions()).Reductions;
        Assert.Equal(golden.Reductions.GetProperty("cross_entropy").GetProperty("mean").GetDouble(), entropy.TokenMean, 1e-13);
        Assert.Equal(entropy.TokenMean, entropy.ElementMean);
        var squares = LossEvaluation.Of(new MeanSquaredError(), batch with { Labels = null }, new LossOptions()).Reductions;
        Assert.Equal(golden.Reductions.GetProperty("mse_loss").GetProperty("mean").GetDouble(), squares.TokenMean, 1e-12);
        Assert.Equal(golden.Reductions.GetProperty("mse_loss").GetProperty("sum").GetDouble() / 11, squares.Sum, 1e-12);
    }

    /// <summary>F.kl_div takes (log q, p): with its arguments in the order of the paper one gets the other direction.</summary>
    [Fact]
    public void ReverseKl_IsTorchKlDivWithArgumentsExchanged()
    {
        var golden = LossGolden.Read();
        Assert.Equal(golden.Reductions.GetProperty("kl_div_swapped").GetDouble(), LossEvaluation.Of(new ReverseKullbackLeibler(), golden.Batch("moderate"), new LossOptions()).Reductions.Sum, 1e-12);
    }
}

/// <summary>The reference file.</summary>
internal sealed record LossGolden(Dictionary<string, GoldenPair> Pairs, int[] Labels, IReadOnlyList<GoldenLoss> Cases, JsonElement Reductions)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static LossGolden Read() => JsonSerializer.Deserialize<LossGolden>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "losses.json")), Options)!;

    public DistillationBatch Batch(string pair) => new()
    {
        Teacher = new LogitArrays(Pairs[pair].Teacher),
        Student = new LogitArrays(Pairs[pair].Student),
        Labels = new TokenArrays(Labels),
    };
}

internal sealed record GoldenPair(double[][] Teacher, double[][] Student);

internal sealed record GoldenLoss(string Pair, double Temperature, Loss Loss, double[] Values, double[][] Gradient);
