using System.Text.Json;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training.LanguageModel.NGrams.Smoothings;

namespace KlCore.Tests.Training.LanguageModel;

/// <summary>What Reference/language.py found.</summary>
internal sealed record LanguageGolden(int[] Running, int[] Documents, int End, GoldenRow[] Cases, string Verse, int[][] Merges, int[] Tokens, string[] Words)
{
    public static LanguageGolden Read() =>
        JsonSerializer.Deserialize<LanguageGolden>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "language.json")), Fits.Json)!;
}

/// <summary>The probabilities of all tokens after a context.</summary>
internal sealed record GoldenRow(string Text, int Order, NGramSmoothing Smoothing, int[] Context, double[] Row);
