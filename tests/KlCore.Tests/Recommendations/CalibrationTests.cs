using System.Text.Json;
using KlCore.Recommendations;

namespace KlCore.Tests.Recommendations;

public class CalibrationTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private static readonly JsonElement[] Reference =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "texts.json"))).RootElement.GetProperty("calibrations").EnumerateArray()];

    [Fact]
    public void Rank_AgainstPython_IsTheSameListAndDivergence()
    {
        foreach (var expected in Reference)
        {
            var answer = JsonSerializer.Deserialize<Calibration>(expected.GetProperty("request"), Options)!.Rank();
            Assert.Equal(Names(expected, "before"), answer.Before.Items.Select(item => item.Item));
            Assert.Equal(Names(expected, "after"), answer.After.Items.Select(item => item.Item));
            Assert.Equal(expected.GetProperty("divergence").GetDouble(), answer.After.Divergence, 1e-12);
            Assert.Equal(expected.GetProperty("objective").GetDouble(), answer.After.Objective, 1e-12);
            foreach (var genre in expected.GetProperty("liked").EnumerateObject()) Assert.Equal(genre.Value.GetDouble(), answer.Liked[genre.Name], 1e-14);
            if (expected.GetProperty("best").ValueKind == JsonValueKind.Null)
            {
                Assert.Null(answer.Best);
                continue;
            }

            Assert.Equal(Names(expected, "best").Order(StringComparer.Ordinal), answer.Best!.Items.Select(item => item.Item).Order(StringComparer.Ordinal));
            Assert.Equal(expected.GetProperty("bestObjective").GetDouble(), answer.Best.Objective, 1e-12);
            Assert.True(answer.Best.Objective >= answer.After.Objective - 1e-12);
        }
    }

    [Fact]
    public void Rank_WithLambdaZero_IsByScoreEvenWhereTheDivergenceIsInfinite()
    {
        var answer = Films(0, alpha: 0).Rank();
        Assert.Equal(["a1", "a2"], answer.After.Items.Select(item => item.Item));
        Assert.Equal(double.PositiveInfinity, answer.After.Divergence);
        Assert.Equal(1.7, answer.After.Objective, 1e-14);
    }

    [Fact]
    public void Rank_WithLambdaOne_IsMixedAsWhatWasLiked()
    {
        var answer = Films(1, alpha: 0.01).Rank();
        Assert.Equal(0, answer.After.Divergence, 1e-15);
        Assert.Equal(["a1", "b1"], answer.After.Items.Select(item => item.Item).Order(StringComparer.Ordinal));
        Assert.Equal(0.5, answer.After.Genres["b"]);
        // 0.5 ln(0.5/0.995) + 0.5 ln(0.5/0.005).
        Assert.Equal((0.5 * Math.Log(0.5 / 0.995)) + (0.5 * Math.Log(100)), answer.Before.Divergence, 1e-13);
    }

    [Fact]
    public void Rank_OfFewerCandidatesThanPlaces_TakesThemAll() => Assert.Equal(4, (Films(0.5, 0.01) with { ListLength = 9 }).Rank().After.Items.Count);

    [Fact]
    public void Rank_WhatIsNotLegal_NamesEveryFailure()
    {
        var failure = Assert.Throws<InvalidInputException>(() => new Calibration
        {
            History = [new LikedItem { Item = "none" }, new LikedItem { Item = "a", Weight = -1 }],
            Items = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["a"] = Genres("x"), ["b"] = new Dictionary<string, double>(), ["c"] = new Dictionary<string, double> { ["x/y"] = double.NaN } },
            Candidates = [new ScoredItem { Item = "a", Score = double.PositiveInfinity }, new ScoredItem { Item = "a", Score = 1 }, new ScoredItem { Item = "d", Score = 1 }],
            Lambda = 2,
            Alpha = 1,
            ListLength = 0,
            PlaceWeights = [1],
            Exact = true,
        }.Rank());
        Assert.Equal(
            ["/alpha", "/candidates/0/score", "/candidates/1/item", "/candidates/2/item", "/exact", "/history/0/item", "/history/1/weight", "/items/b", "/items/c/x~1y", "/lambda", "/listLength", "/placeWeights"],
            failure.Problems.ByPointer().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rank_OfTooMuch_IsRefused()
    {
        var items = Enumerable.Range(0, 60).ToDictionary(i => $"{i}", IReadOnlyDictionary<string, double> (_) => Genres("x"));
        var many = new Calibration { History = [new LikedItem { Item = "0" }], Items = items, Candidates = [.. items.Keys.Select(name => new ScoredItem { Item = name, Score = 0 })], ListLength = 20, Exact = true };
        Assert.Throws<TooCostlyException>(() => many.Rank());
        Assert.Equal(20, (many with { Exact = false }).Rank().After.Items.Count);
    }

    private static Calibration Films(double lambda, double alpha) => new()
    {
        History = [new LikedItem { Item = "a1" }, new LikedItem { Item = "b1" }],
        Items = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["a1"] = Genres("a"), ["a2"] = Genres("a"), ["b1"] = Genres("b"), ["b2"] = Genres("b") },
        Candidates = [new ScoredItem { Item = "a1", Score = 0.9 }, new ScoredItem { Item = "a2", Score = 0.8 }, new ScoredItem { Item = "b1", Score = 0.2 }, new ScoredItem { Item = "b2", Score = 0.1 }],
        Lambda = lambda,
        Alpha = alpha,
        ListLength = 2,
    };

    private static Dictionary<string, double> Genres(string name) => new() { [name] = 2 };

    private static IEnumerable<string> Names(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(entry => entry.GetString()!);
}
