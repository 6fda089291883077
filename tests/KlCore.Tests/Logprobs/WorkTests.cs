using KlCore.Logprobs;
using KlCore.Logprobs.Completions;

namespace KlCore.Tests.Logprobs;

/// <summary>Documents that would take long: refused, given up when nobody waits any more, or not slow at all.</summary>
public class WorkTests
{
    [Fact]
    public void Comparison_OfTooManyPositions_IsRefusedBeforeTheFirst()
    {
        var many = Positions(16_000, 1);
        var refused = Assert.Throws<TooCostlyException>(() => CompletionComparison.Of(many, many, new BoundOptions()));
        Assert.Contains("524288", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_OfOnePositionOfTooManyTokens_IsRefused()
    {
        var one = Positions(1, 270_000);
        Assert.Throws<TooCostlyException>(() => CompletionComparison.Of(one, one, new BoundOptions()));
    }

    [Fact]
    public void Bounds_OfACancelledRequest_AreGivenUpWithinThePosition() => Assert.Throws<OperationCanceledException>(() =>
        PositionBounds.Of(Lists.Of((1, 0.5), (2, 0.3)), Lists.Of((3, 0.6), (4, 0.2)), new BoundOptions { Vocabulary = 10 }, 0, new CancellationToken(canceled: true)));

    /// <summary>The sum over tokens of the better corner, whatever the price.</summary>
    [Fact]
    public void CornerLines_AtAnyPrice_AreTheSumOfTheLargerCorners()
    {
        var random = new Random(3);
        CornerLine[] lines = [.. Enumerable.Range(0, 200).Select(i => new CornerLine(i % 7 == 0 ? 0.5 : 0.1 * random.NextDouble(), random.NextDouble(), 0.5, 3 * random.NextDouble()))];
        var sorted = new CornerLines(lines);
        foreach (var price in (double[])[-1e3, -4, -1, 0, 0.5, 1, 2, 5, 7.25, 1e3, .. sorted.Slopes.Take(5)])
            Assert.Equal(1, sorted.Best(price) / lines.Sum(line => Math.Max(line.AtLow - (price * line.Low), line.AtHigh - (price * line.High))), 1e-12);
        Assert.True(new CornerLines([new(0, 0, 1, double.PositiveInfinity)]).AreInfinite);
    }

    private static Completion Positions(int count, int tokens)
    {
        var log = -Math.Log(tokens + 1);
        var position = $$"""{ "tokens": [{{string.Join(',', Enumerable.Range(0, tokens))}}], "logprobs": [{{string.Join(',', Enumerable.Repeat(log.ToString("R", System.Globalization.CultureInfo.InvariantCulture), tokens))}}] }""";
        return Documents.Read($"[{string.Join(',', Enumerable.Repeat(position, count))}]");
    }
}
