using System.Text;
using KlCore.Formats;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Training.LanguageModel;

/// <summary>Turns a finished language model into its result and its files.</summary>
internal static class LanguageModelReport
{
    private const int MaximumRanks = 200;
    private const int Named = 20;

    public static TrainingOutcome Write(
        LanguageModelSpecification specification, TokenStream stream, TokenModel model, HeldOutScores validation, HeldOutScores training, IReadOnlyList<TextDrawing> texts)
    {
        var counts = new long[stream.Tokenizer.Vocabulary];
        foreach (var token in stream.Tokens.AsSpan(0, stream.TrainingLength)) counts[token]++;
        var result = new LanguageModelResult(
            TextScore.Of(stream.Validation, validation),
            TextScore.Of(stream.Training, training),
            stream.Tokenizer.Vocabulary,
            Entropy(counts),
            model.Describe(),
            Frequencies(counts, stream.Tokenizer),
            [.. texts.Select(text => text.Text)],
            "");
        result = result with { Advice = LanguageModelAdvice.Of(result), Baseline = specification.Logits?.Baseline };
        List<Artifact> artifacts =
        [
            new(Tokenizer.FileName, "application/json", stream.Tokenizer.Save()),
            new(FinishedLanguageModel.FileName, "application/octet-stream", SafeTensors.Write(model.ToTensors())),
            new("samples.txt", "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(string.Join("\n\n--------\n\n", result.Samples) + "\n")),
        ];
        var logits = specification.Logits is { } kept ? HeldOutLogits.Of(stream, model, kept) : null;
        if (logits is not null)
        {
            artifacts.Add(new Artifact("logits.npy", "application/x-npy", logits.Npy));
            artifacts.Add(new Artifact("targets.npy", "application/x-npy", logits.TargetsNpy()));
        }

        return new LanguageModelOutcome(result, artifacts, logits)
        {
            Scores =
            [
                new Score("bitsPerByte", result.Validation.BitsPerByte), new Score("crossEntropy", result.Validation.CrossEntropy.Value), new Score("perplexity", result.Validation.Perplexity),
                new Score("trainingCrossEntropy", result.Training.CrossEntropy.Value),
            ],
        };
    }

    private static double Entropy(long[] counts)
    {
        double total = counts.Sum();
        return counts.Where(count => count > 0).Sum(count => count / total * Math.Log(total / count));
    }

    private static TokenFrequencies Frequencies(long[] counts, Tokenizer tokenizer)
    {
        int[] order = [.. Enumerable.Range(0, counts.Length).Where(token => counts[token] > 0).OrderByDescending(token => counts[token]).ThenBy(token => token)];
        // On a logarithmic axis as many ranks from 1 to 10 as from 100 to 1000.
        int[] ranks = [.. Enumerable.Range(0, MaximumRanks).Select(i => (int)Math.Round(Math.Pow(order.Length, i / (MaximumRanks - 1.0)))).Distinct()];
        return new TokenFrequencies(ranks, [.. ranks.Select(rank => counts[order[rank - 1]])], [.. order.Take(Named).Select(token => new TokenCount(tokenizer.Name(token), counts[token]))]);
    }
}
