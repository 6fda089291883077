using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

/// <summary>A summary comes back from outside: whatever was done to it, it is refused or gives a report without NaN.</summary>
public class SummaryFuzzTests
{
    private static readonly JsonSerializerOptions JsonOptions = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [Fact]
    public void Merge_AlteredSummaries_AreRefusedOrGiveNumbers()
    {
        var text = JsonSerializer.Serialize(Original(), JsonOptions);
        var random = new Random(11);
        var (refused, reported) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var altered = JsonNode.Parse(text)!;
            for (var times = random.Next(3); times >= 0; times--) Alter(altered, random);
            if (Report(altered)) reported++;
            else refused++;
        }

        Assert.True(refused > 60 && reported > 20, $"{refused} refused, {reported} reported");
    }

    private static bool Report(JsonNode altered)
    {
        try
        {
            var summary = altered.Deserialize<ComparisonSummary>(JsonOptions)!;
            var json = JsonSerializer.Serialize(ReportBuilder.Merge([summary]).Build(), JsonOptions);
            Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
            return true;
        }
        catch (Exception refusal) when (refusal is InvalidInputException or NotComputableException or JsonException)
        {
            return false;
        }
    }

    private static ComparisonSummary Original()
    {
        var positions = ReportGolden.Positions[..48];
        positions[3].Forward = double.PositiveInfinity;
        positions[5].TargetLogQ = double.NegativeInfinity;
        var builder = new ReportBuilder(ReportGolden.Options(1), ReportGolden.Shape(), ReportGolden.Shape());
        builder.Add(positions);
        return builder.Summarise();
    }

    /// <summary>Goes down to a random leaf or list and changes it.</summary>
    private static void Alter(JsonNode node, Random random)
    {
        while (true)
        {
            JsonNode?[] children = node switch { JsonObject members => [.. members.Select(member => member.Value)], JsonArray items => [.. items], _ => [] };
            if (children.Length == 0 || (node is JsonArray && random.Next(12) == 0)) break;
            if (children[random.Next(children.Length)] is not { } child) return;
            node = child;
        }

        if (node is JsonArray list)
        {
            if (random.Next(2) == 0 && list.Count > 0) list.RemoveAt(random.Next(list.Count));
            else list.Add(list.Count > 0 ? list[0]?.DeepClone() : JsonValue.Create(1));
            return;
        }

        if (node is not JsonValue value || value.GetValueKind() is not (JsonValueKind.Number or JsonValueKind.String)) return;
        JsonNode[] others = [0, -1, 1, 2, 25, 1e308, -1e308, 1e-320, long.MaxValue, long.MinValue, 1L << 41, "Infinity", "-Infinity", 0.5];
        value.ReplaceWith(others[random.Next(others.Length)].DeepClone());
    }
}
