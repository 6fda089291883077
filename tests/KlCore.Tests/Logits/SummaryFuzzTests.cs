using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

/// <summary>Summaries come back from outside: whatever was done to them, they are refused or give a report without NaN, alone and together.</summary>
public class SummaryFuzzTests
{
    private static readonly JsonSerializerOptions JsonOptions = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 24)]
    [InlineData(3, 24)]
    [InlineData(2, null)]
    public void Merge_AlteredSummaries_AreRefusedOrGiveNumbers(int parts, int? chunkRows)
    {
        string[] texts = [.. Enumerable.Range(0, parts).Select(part => JsonSerializer.Serialize(Original(part, chunkRows), JsonOptions))];
        var random = new Random(11);
        var (refused, reported) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            JsonNode[] altered = [.. texts.Select(text => JsonNode.Parse(text)!)];
            for (var times = random.Next(2); times >= 0; times--) Alter(altered[random.Next(parts)], random);
            if (Report(altered)) reported++;
            else refused++;
        }

        Assert.True(refused > 60 && reported > 15, $"{refused} refused, {reported} reported");
    }

    [Fact]
    public void Merge_SumsOfAnything_AreRefusedOrGiveNumbers()
    {
        var random = new Random(5);
        double[] numbers = [0, 1, -1, 1e308, -1e308, 1.7e308, 1e-320, 1e160, -1e160, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0.3, 7];
        long[] counts = [0, 1, 2, 48, 47, 1L << 41, -1];
        var other = JsonSerializer.Serialize(Original(1, 24), JsonOptions);
        var reported = 0;
        for (var i = 0; i < 600; i++)
        {
            var summary = Original(0, 24);
            ColumnSummary[] columns = [.. summary.Columns];
            var at = random.Next(columns.Length);
            double[] Sum(double[] was) => random.Next(3) == 0 ? [.. Enumerable.Range(0, random.Next(3)).Select(_ => numbers[random.Next(numbers.Length)])] : was;
            columns[at] = columns[at] with { Sums = [.. columns[at].Sums.Select(Sum)] };
            if (random.Next(3) == 0) columns[at] = columns[at] with { Maximum = numbers[random.Next(numbers.Length)] };
            if (random.Next(3) == 0) columns[at] = columns[at] with { Minimum = numbers[random.Next(numbers.Length)] };
            if (random.Next(3) == 0) columns[at] = columns[at] with { Clusters = counts[random.Next(counts.Length)] };
            if (Report(JsonSerializer.SerializeToNode(summary with { Columns = columns }, JsonOptions)!, JsonNode.Parse(other)!)) reported++;
        }

        Assert.InRange(reported, 30, 570);
    }

    private static bool Report(params JsonNode[] altered)
    {
        try
        {
            ComparisonSummary[] summaries = [.. altered.Select(node => node.Deserialize<ComparisonSummary>(JsonOptions)!)];
            var gate = Gate.Parse([new("forwardMean", 1), new("forwardP50", 1), new("top1", 0.5), new("rmsDeltaP", 1), new("perplexityRatio", 1)], new Problems());
            var merged = ReportBuilder.Merge(summaries);
            Assert.DoesNotContain("NaN", JsonSerializer.Serialize(merged.Build(gate: gate), JsonOptions), StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", JsonSerializer.Serialize(merged.Summarise(), JsonOptions), StringComparison.Ordinal);
            return true;
        }
        catch (Exception refusal) when (refusal is InvalidInputException or NotComputableException or JsonException)
        {
            return false;
        }
    }

    private static ComparisonSummary Original(int part, int? chunkRows)
    {
        var positions = ReportGolden.Positions[(part * 48)..(part * 48 + 48)];
        positions[3].Forward = double.PositiveInfinity;
        positions[5].TargetLogQ = double.NegativeInfinity;
        var builder = new ReportBuilder(ReportGolden.Options(1) with { ClusterSize = chunkRows }, ReportGolden.Shape(), ReportGolden.Shape(), part * 48);
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
            var at = random.Next(children.Length);
            if (children[at] is not { } child) return;
            if (node is JsonArray row && random.Next(40) == 0)
            {
                row[at] = null;
                return;
            }

            node = child;
        }

        if (node is JsonArray list)
        {
            if (random.Next(2) == 0 && list.Count > 0) list.RemoveAt(random.Next(list.Count));
            else list.Add(list.Count > 0 ? list[0]?.DeepClone() : JsonValue.Create(1));
            return;
        }

        if (node is not JsonValue value || value.GetValueKind() is not (JsonValueKind.Number or JsonValueKind.String)) return;
        JsonNode[] others = [0, -1, 1, 2, 25, 1e308, -1e308, 1e-320, long.MaxValue, long.MinValue, 1L << 41, "Infinity", "-Infinity", "NaN", 0.5, 3, 51];
        value.ReplaceWith(others[random.Next(others.Length)].DeepClone());
    }
}
