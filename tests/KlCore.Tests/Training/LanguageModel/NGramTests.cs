using KlCore.Training.LanguageModel;
using KlCore.Training.LanguageModel.NGrams;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Tests.Training.LanguageModel;

public class NGramTests
{
    public static TheoryData<int, int, bool> Models()
    {
        var models = new TheoryData<int, int, bool>();
        for (var smoothing = 0; smoothing < Runs.Smoothings.Length; smoothing++)
            foreach (var order in new[] { 1, 2, 3, 5 })
                foreach (var documents in new[] { false, true }) models.Add(smoothing, order, documents);
        return models;
    }

    /// <summary>After every context, seen or not, of every length.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Row_AnyContext_SumsToOneAndAgreesWithEachProbability(int smoothing, int order, bool documents)
    {
        var stream = Stream(documents);
        var model = Model(stream, new NGramDesign { Order = order, Smoothing = Runs.Smoothings[smoothing] });
        var row = new double[model.Vocabulary];
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var from = random.Next(stream.Tokens.Length);
            var context = stream.Tokens.AsSpan(from, random.Next(Math.Min(6, stream.Tokens.Length - from))).ToArray();
            if (i % 3 == 0)
                foreach (ref var token in context.AsSpan()) token = random.Next(model.Vocabulary);
            model.Row(context, row);
            Assert.Equal(1, row.Sum(), 1e-12);
            for (var token = 0; token < row.Length; token++)
            {
                Assert.InRange(row[token], 0, 1);
                Assert.Equal(row[token], model.Probability(context, token), 1e-15);
            }
        }
    }

    private static TokenStream Stream(bool documents)
    {
        var random = new Random(3);
        var text = string.Concat(Enumerable.Range(0, 400).Select(_ => (char)('a' + (int)(8 * random.NextDouble() * random.NextDouble()))));
        var corpus = documents ? Corpus.OfDocuments([.. text.Chunk(20).Select(piece => new string(piece))], 0.2) : Corpus.OfText(text, 0.2);
        return TokenStream.Of(corpus!, new CharacterTokens());
    }

    private static NGramModel Model(TokenStream stream, NGramDesign design)
    {
        var learner = new NGramLearner(design, stream);
        while (!learner.IsComplete) learner.Step();
        return (NGramModel)learner.Finish();
    }
}
