using KlCore.Formats;

namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>
/// An n-gram model as tensors: <c>order1.tokens</c>, <c>order1.counts</c>, <c>order1.logProbabilities</c>, <c>order1.children</c>, <c>order1.logBackoffs</c>, and so on for each order. The
/// n-grams of an order stand by their tokens; those that begin with the first one of the order below come first, as many as it has children.
/// </summary>
internal static class NGramFile
{
    private const long LargestSingle = 1 << 24;

    public static IReadOnlyList<Tensor> Write(NGramTrie trie, double rootBackoff)
    {
        var levels = trie.Levels;
        List<Tensor> tensors = [new("logBackoff", Math.Log(rootBackoff)), new("end", trie.End ?? -1)];
        for (var i = 0; i < levels.Length; i++)
        {
            var level = levels[i];
            tensors.Add(Whole($"order{i + 1}.tokens", level.Tokens));
            tensors.Add(Whole($"order{i + 1}.counts", level.Counts));
            tensors.Add(Logarithms($"order{i + 1}.logProbabilities", level.Probabilities));
            if (i == levels.Length - 1) continue;
            tensors.Add(Whole($"order{i + 1}.children", [.. Enumerable.Range(0, level.Length).Select(node => level.FirstChild[node + 1] - level.FirstChild[node])]));
            tensors.Add(Logarithms($"order{i + 1}.logBackoffs", level.Backoffs));
        }

        return tensors;
    }

    public static NGramModel Read(IReadOnlyDictionary<string, Tensor> tensors, int vocabulary, int order, bool toUniform)
    {
        var levels = new NGramLevel[order];
        for (var i = 0; i < order; i++)
        {
            var tokens = Integers(tensors, $"order{i + 1}.tokens", null, vocabulary - 1);
            var above = i + 1 < order ? Find(tensors, $"order{i + 2}.tokens").Length : 0;
            levels[i] = new NGramLevel
            {
                Tokens = tokens,
                Counts = Integers(tensors, $"order{i + 1}.counts", tokens.Length, int.MaxValue),
                Probabilities = Exponentials(tensors, $"order{i + 1}.logProbabilities", tokens.Length),
                FirstChild = i + 1 < order ? Starts(Integers(tensors, $"order{i + 1}.children", tokens.Length, above), above) : [],
                Backoffs = i + 1 < order ? Exponentials(tensors, $"order{i + 1}.logBackoffs", tokens.Length) : [],
            };
        }

        var end = (int)Find(tensors, "end", 1)[0];
        return new NGramModel(new NGramTrie(levels, end < 0 ? null : end), Math.Exp(Find(tensors, "logBackoff", 1)[0]), vocabulary, toUniform);
    }

    private static Tensor Whole(string name, int[] values) => values.Any(value => value > LargestSingle)
        ? new Tensor(name, [.. values.Select(value => (double)value)])
        : Tensor.Of<float>(name, [values.Length], [.. values.Select(value => (float)value)]);

    private static Tensor Logarithms(string name, double[] values) => Tensor.Of<float>(name, [values.Length], [.. values.Select(value => (float)Math.Log(value))]);

    private static int[] Starts(int[] children, int above)
    {
        var starts = new int[children.Length + 1];
        long sum = 0;
        for (var i = 0; i < children.Length; i++) starts[i + 1] = (int)Math.Min(sum += children[i], int.MaxValue);
        return sum == above ? starts : throw Damaged("children");
    }

    private static int[] Integers(IReadOnlyDictionary<string, Tensor> tensors, string name, int? length, int largest)
    {
        var values = Find(tensors, name, length);
        return [.. values.Select(value => value >= 0 && value <= largest && value == Math.Floor(value) ? (int)value : throw Damaged(name))];
    }

    private static double[] Exponentials(IReadOnlyDictionary<string, Tensor> tensors, string name, int length) =>
        [.. Find(tensors, name, length).Select(value => value <= 1e-6 || name.EndsWith("logBackoffs", StringComparison.Ordinal) && double.IsFinite(value) ? Math.Exp(value) : throw Damaged(name))];

    private static double[] Find(IReadOnlyDictionary<string, Tensor> tensors, string name, int? length = null) =>
        tensors.TryGetValue(name, out var tensor) && (length is null || tensor.Values.Length == length) ? tensor.Values : throw Damaged(name);

    private static InvalidInputException Damaged(string name) => new("", $"The model's tensor \"{name}\" is missing or of another model.");
}
