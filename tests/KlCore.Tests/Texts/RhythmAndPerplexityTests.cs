using System.Text.Json;
using KlCore.Numerics;
using KlCore.Policies;
using KlCore.Texts;
using KlCore.Texts.Perplexities;
using KlCore.Texts.Rhythm;
using KlCore.Training;

namespace KlCore.Tests.Texts;

public class RhythmAndPerplexityTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "texts.json"))).RootElement;

    [Fact]
    public void Burstiness_OfGapsAndTimes_IsThatOfPython()
    {
        foreach (var expected in Reference.GetProperty("rhythms").EnumerateArray())
        {
            var found = Of(new Burstiness { Gaps = Numbers(expected, "gaps") });
            AssertNear(expected.GetProperty("mean"), found.MeanGap);
            AssertNear(expected.GetProperty("deviation"), found.GapDeviation);
            AssertNear(expected.GetProperty("burstiness"), found.Burstiness);
            AssertNear(expected.GetProperty("corrected"), found.Corrected);
            AssertNear(expected.GetProperty("error"), found.StandardError, 1e-7);
            AssertNear(expected.GetProperty("memory"), found.Memory, 1e-9);
        }

        Assert.Equal(Of(new Burstiness { Gaps = [1, 3, 2] }), Of(new Burstiness { Times = [-2, -1, 2, 4] }));
    }

    [Fact]
    public void Burstiness_OfAClockOfChanceAndOfBursts_IsMinusOneZeroAndOne()
    {
        Assert.Equal((-1.0, -1.0), (Of(new Burstiness { Gaps = [3, 3, 3, 3] }).Burstiness, Of(new Burstiness { Gaps = [3, 3, 3, 3] }).Corrected));
        Assert.Equal(1, Of(new Burstiness { Gaps = [0, 0, 0, 0, 7] }).Corrected!.Value, 1e-14);
        var random = new RandomStream(1, 0, "gaps");
        // Few events drawn by chance: the corrected value is nearer to 0 on average than the plain one.
        double[] plain = new double[2000], corrected = new double[2000];
        for (var run = 0; run < plain.Length; run++)
        {
            var found = Of(new Burstiness { Gaps = [.. Enumerable.Range(0, 6).Select(_ => -Math.Log(random.NextUniform()))] });
            (plain[run], corrected[run]) = (found.Burstiness!.Value, found.Corrected!.Value);
        }

        // -0.128 and -0.051 in the long run, each known to 0.005.
        Assert.InRange(plain.Average(), -0.15, -0.11);
        Assert.InRange(corrected.Average(), -0.07, -0.03);
    }

    [Fact]
    public void Burstiness_OfWords_CountsGapsWithinEachText()
    {
        var text = new TextInput(["x a b x c d e x", "x a x"]);
        var found = Words(new Burstiness { Text = text, Words = ["x", "a", "zebra"] });
        Assert.Equal((5L, 3L), (found[0].Events, found[0].Gaps));
        Assert.Equal(3, found[0].MeanGap!.Value, 1e-15);
        Assert.Equal(("a", 2L, 0L, null), (found[1].Word, found[1].Events, found[1].Gaps, found[1].Burstiness));
        Assert.Equal(("zebra", 0L, null), (found[2].Word, found[2].Events, found[2].MeanGap));
    }

    [Fact]
    public void Burstiness_WithoutWords_ListsThoseMostInBurstsFirst()
    {
        var text = string.Join(' ', Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? "clock" : i is > 50 and < 62 or 191 ? "Burst" : "w" + (char)('a' + i % 7)));
        var found = Words(new Burstiness { Text = new TextInput([text]), Lowercase = true, MinimumCount = 5, Top = 3 });
        Assert.Equal("burst", found[0].Word);
        Assert.Equal(3, found.Count);
        Assert.True(found[0].Corrected > found[1].Corrected && found[1].Corrected >= found[2].Corrected);
    }

    [Fact]
    public void Burstiness_WhatIsNotLegalOrTooLittle_IsRefused()
    {
        Assert.Equal(["", "/top"], Pointers(new Burstiness { Top = 0 }));
        Assert.Equal(["", "/words"], Pointers(new Burstiness { Times = [1], Gaps = [1], Words = ["a"] }));
        Assert.Equal(["/times/2"], Pointers(new Burstiness { Times = [1, 2, 1] }));
        Assert.Equal(["/gaps/0", "/gaps/1"], Pointers(new Burstiness { Gaps = [double.PositiveInfinity, -1] }));
        Assert.Equal("too-few-events", Assert.Throws<NotComputableException>(() => Measure(new Burstiness { Times = [1, 2] })).Code);
        Assert.Equal("no-gaps", Assert.Throws<NotComputableException>(() => Measure(new Burstiness { Times = [2, 2, 2] })).Code);
        Assert.Equal("no-words", Assert.Throws<NotComputableException>(() => Measure(new Burstiness { Text = new TextInput([" "]) })).Code);
    }

    [Fact]
    public void Perplexity_OfSentences_IsThatOfPython()
    {
        foreach (var expected in Reference.GetProperty("perplexities").EnumerateArray())
        {
            var rows = expected.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
            var found = new Perplexity { LogProbabilities = new TokenRows(rows), Bytes = Numbers(expected, "bytes"), Documents = [.. Numbers(expected, "documents").Select(document => (int)document)] }.Measure();
            AssertNear(expected.GetProperty("nats"), found.NatsPerToken.Value);
            AssertNear(expected.GetProperty("error"), found.NatsPerToken.StandardError);
            AssertNear(expected.GetProperty("clusterError"), found.NatsPerToken.ClusterStandardError);
            AssertNear(expected.GetProperty("perplexity"), found.Perplexity.Value);
            AssertNear(expected.GetProperty("bitsPerByte"), found.BitsPerByte!.Value);
            AssertNear(expected.GetProperty("bitsPerByteError"), found.BitsPerByte!.ClusterStandardError);
            AssertNear(expected.GetProperty("spread"), found.Spread!.StandardDeviation);
            Assert.Equal(found.NatsPerToken.Value / Math.Log(2), found.BitsPerToken.Value, 1e-14);
            Assert.Equal(found.Perplexity.Value * found.NatsPerToken.ClusterStandardError!.Value, found.Perplexity.ClusterStandardError!.Value, 1e-12);
        }
    }

    [Fact]
    public void Perplexity_OfUniformGuesses_IsTheirNumberWithoutError()
    {
        var found = new Perplexity { LogProbabilities = new TokenRows([[-Math.Log(8), -Math.Log(8)], [-Math.Log(8)]]), Bytes = [2, 1] }.Measure();
        Assert.Equal(8, found.Perplexity.Value, 1e-13);
        Assert.Equal(3, found.BitsPerByte!.Value, 1e-14);
        Assert.Equal(0, found.NatsPerToken.StandardError!.Value, 1e-7);
        Assert.Equal(0, found.NatsPerToken.ClusterStandardError!.Value, 1e-15);
        Assert.Equal((3L, 2, 2), (found.Tokens, found.Sentences, found.Documents));
    }

    [Fact]
    public void Perplexity_OfWhatWasDeemedImpossible_IsInfiniteAndSaysSo()
    {
        var found = new Perplexity { LogProbabilities = new TokenRows([[-1, double.NegativeInfinity], [-9999]]) }.Measure();
        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity), (found.Perplexity.Value, found.NatsPerToken.Value));
        Assert.Equal((null, null, null), (found.NatsPerToken.StandardError, found.Spread, found.BitsPerByte));
        Assert.Equal(2, found.Warnings.Count);
    }

    [Fact]
    public void Perplexity_WhatIsNotLegal_NamesEveryFailure()
    {
        var failure = Assert.Throws<InvalidInputException>(() => new Perplexity { LogProbabilities = new TokenRows([[0.5], [double.NaN]]), Bytes = [1.5], Documents = [1] }.Measure());
        Assert.Equal(["/bytes", "/bytes/0", "/documents", "/logProbabilities/0/0", "/logProbabilities/1/0"], failure.Problems.ByPointer().Keys.Order(StringComparer.Ordinal));
        Assert.Throws<InvalidInputException>(() => new Perplexity { LogProbabilities = new TokenRows([[], []]) }.Measure());
        Assert.Throws<InvalidInputException>(() => new Perplexity { LogProbabilities = new TokenRows([[-1.0]]), Bytes = [0] }.Measure());
    }

    private static IEnumerable<string> Pointers(Burstiness how) => Assert.Throws<InvalidInputException>(() => Measure(how)).Problems.ByPointer().Keys.Order(StringComparer.Ordinal);

    private static BurstinessAnswer Measure(Burstiness how) => how.Measure(new NoInputs(), 1_000_000);

    private static EventBurstiness Of(Burstiness how) => Measure(how).Results.Single();

    private static IReadOnlyList<EventBurstiness> Words(Burstiness how) => Measure(how).Results;

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static void AssertNear(JsonElement expected, double? value, double tolerance = 1e-12)
    {
        if (expected.ValueKind == JsonValueKind.Null) Assert.Null(value);
        else Assert.Equal(expected.GetDouble(), value!.Value, tolerance * Math.Max(Math.Abs(expected.GetDouble()), 1e-3));
    }

    private sealed class NoInputs : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new NotSupportedException();
    }
}
