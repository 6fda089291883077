using System.Text.Json;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Logits.Reports;

namespace KlCore.Tests.Logits;

/// <summary>The positions and expectations of Reference/reports.py.</summary>
internal static class ReportGolden
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "reports.json"))).RootElement;

    public static int ChunkRows => Root.GetProperty("chunkRows").GetInt32();

    public static double[] Percents => Numbers(Root.GetProperty("percents"));

    public static JsonElement Expected(int index) => Root.GetProperty("reports")[index];

    public static Position[] Positions { get; } = ReadPositions();

    public static LogitsShape Shape(int vocabulary = 1000, int? chunkRows = null) =>
        new(LogitsFormat.Npy, ElementType.F32, vocabulary, null) { DataType = "f32", ChunkRows = chunkRows };

    public static ReportOptions Options(int skip = 0) =>
        new() { ClusterSize = ChunkRows, Skip = skip, Percentiles = Percents, TopK = [5], Compatibility = Compatibility.LlamaCpp };

    public static ComparisonReport Report(ReportOptions options, ReadOnlyMemory<Position> positions, Gate? gate = null)
    {
        var builder = new ReportBuilder(options, Shape(), Shape());
        builder.Add(positions.Span);
        return builder.Build([positions], gate);
    }

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static Position[] ReadPositions()
    {
        var columns = Root.GetProperty("positions");
        double[] Column(string name) => Numbers(columns.GetProperty(name));
        var (forward, reverse, js, tv, hellinger) = (Column("forward"), Column("reverse"), Column("jensenShannon"), Column("totalVariation"), Column("hellinger"));
        var (entropyP, entropyQ, targetP, targetQ, top) = (Column("entropyP"), Column("entropyQ"), Column("targetLogP"), Column("targetLogQ"), Column("topProbabilityP"));
        var (same, rank, overlap, ordered) = (Column("same"), Column("rank"), Column("overlap5"), Column("ordered5"));
        var (llama, llamaQ, llamaP) = (Column("llamaDivergence"), Column("llamaLossQ"), Column("llamaLossP"));
        return [.. Enumerable.Range(0, forward.Length).Select(i =>
        {
            var position = new Position
            {
                Forward = forward[i],
                Reverse = reverse[i],
                JensenShannon = js[i],
                TotalVariation = tv[i],
                Hellinger = hellinger[i],
                EntropyP = entropyP[i],
                EntropyQ = entropyQ[i],
                TargetLogP = targetP[i],
                TargetLogQ = targetQ[i],
                TopProbabilityP = top[i],
                TopProbabilityQ = top[i],
                TopP = 7,
                TopQ = same[i] == 1 ? 7 : 8,
                RankInQ = (int)rank[i],
                Target = 7,
                LlamaDivergence = (float)llama[i],
                LlamaLossQ = (float)llamaQ[i],
                LlamaLossP = (float)llamaP[i],
                Facts = same[i] == 1 ? PositionFacts.LlamaSameTop : PositionFacts.None,
            };
            position.Overlap[0] = (int)overlap[i];
            position.OrderedMatch[0] = (int)ordered[i];
            return position;
        })];
    }
}
