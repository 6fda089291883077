using System.Text.Json.Serialization;
using KlCore.Formats;
using KlCore.Training.LanguageModel;
using KlCore.Training.LanguageModel.NGrams;
using KlCore.Training.LanguageModel.NGrams.Smoothings;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Tests.Training.LanguageModel;

public class NGramTests
{
    private static readonly double[] Lambdas = [0.05, 0.1, 0.2, 0.4, 0.7], Mus = [1, 5, 20, 100, 500];

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

    /// <summary>Against exact fractions (Reference/language.py).</summary>
    [Fact]
    public void Row_EveryGoldenCase_IsThatOfTheDefinition()
    {
        var golden = LanguageGolden.Read();
        Assert.True(golden.Cases.Length > 900);
        var models = new Dictionary<string, NGramModel>();
        foreach (var expected in golden.Cases)
        {
            var key = $"{expected.Text} {expected.Order} {expected.Smoothing}";
            if (!models.TryGetValue(key, out var model))
            {
                var isRunning = expected.Text == "running";
                var stream = Sequence.Of(isRunning ? golden.Running : golden.Documents, isRunning ? 9 : 10, isRunning ? null : golden.End);
                models.Add(key, model = Model(stream, new NGramDesign { Order = expected.Order, Smoothing = expected.Smoothing }));
            }

            var row = new double[expected.Row.Length];
            model.Row(expected.Context, row);
            for (var token = 0; token < row.Length; token++) Assert.True(Math.Abs(row[token] - expected.Row[token]) < 1e-13, $"{key} after {string.Join(' ', expected.Context)}, {token}: {expected.Row[token]:R}, was {row[token]:R}");
        }
    }

    [Fact]
    public void Golden_EverySmoothing_HasCases()
    {
        var known = typeof(NGramSmoothing).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().Select(line => line.DerivedType);
        Assert.Empty(known.Except(LanguageGolden.Read().Cases.Select(golden => golden.Smoothing.GetType())));
    }

    /// <summary>Parameters that were found must do about as well as the best of those that one would try.</summary>
    [Fact]
    public void Tune_JelinekMercerAndDirichlet_AreAsGoodAsTheBestOfAGrid()
    {
        var text = Markov(60_000);
        double Perplexity(NGramSmoothing smoothing) => Runs.Result(new LanguageModelSpecification
        {
            Text = text,
            Tokens = new CharacterTokens(),
            Model = new NGramDesign { Order = 4, Smoothing = smoothing },
            Samples = new Generation { Count = 0 },
        }).Validation.Perplexity;
        Assert.InRange(Perplexity(new JelinekMercerNGrams()), 1, 1.001 * Lambdas.Min(lambda => Perplexity(new JelinekMercerNGrams { Lambda = lambda })));
        Assert.InRange(Perplexity(new DirichletNGrams()), 1, 1.001 * Mus.Min(mu => Perplexity(new DirichletNGrams { Mu = mu })));
    }

    /// <summary>The order that Chen and Goodman report, on text with a long tail.</summary>
    [Fact]
    public void Perplexity_OfWordsWithALongTail_FallsAsTheLiteratureReports()
    {
        var text = Phrases(30_000);
        double Perplexity(NGramSmoothing smoothing) => Runs.Result(new LanguageModelSpecification
        {
            Text = text,
            Tokens = new WordTokens { Vocabulary = 2000 },
            Model = new NGramDesign { Order = 3, Smoothing = smoothing },
            Samples = new Generation { Count = 0 },
        }).Validation.Perplexity;
        double[] falling =
        [
            Perplexity(new UnsmoothedNGrams()), Perplexity(new AdditiveNGrams()), Perplexity(new AdditiveNGrams { Alpha = 0.01 }), Perplexity(new WittenBellNGrams()),
            Perplexity(new AbsoluteDiscountNGrams()), Perplexity(new KneserNeyNGrams()), Perplexity(new ModifiedKneserNeyNGrams()),
        ];
        Assert.Equal(double.PositiveInfinity, falling[0]);
        for (var i = 1; i < falling.Length; i++) Assert.True(falling[i] < falling[i - 1], string.Join(", ", falling));
        Assert.InRange(Perplexity(new GoodTuringNGrams()), falling[6], falling[3]);
        Assert.InRange(Perplexity(new JelinekMercerNGrams()), falling[6], falling[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_WhatWasSaved_SaysTheSame(bool documents)
    {
        var stream = Stream(documents);
        foreach (var smoothing in Runs.Smoothings)
        {
            var design = new NGramDesign { Order = 3, Smoothing = smoothing };
            var model = Model(stream, design);
            var loaded = design.Load(SafeTensors.Read(SafeTensors.Write(model.ToTensors())), model.Vocabulary);
            var (expected, found) = (new float[20 * model.Vocabulary], new float[20 * model.Vocabulary]);
            model.PredictStream(stream.Tokens, stream.TrainingLength, stream.TrainingLength + 20, expected);
            loaded.PredictStream(stream.Tokens, stream.TrainingLength, stream.TrainingLength + 20, found);
            for (var i = 0; i < expected.Length; i++) Assert.True(expected[i] == found[i] || Math.Abs(expected[i] - found[i]) < 1e-5, $"{smoothing} {i}: {expected[i]:R}, was {found[i]:R}");
        }
    }

    [Fact]
    public void Load_OfDamagedTensors_IsRefused()
    {
        var design = new NGramDesign { Order = 2 };
        var tensors = Model(Stream(false), design).ToTensors();
        foreach (var tensor in tensors)
        {
            Assert.Throws<InvalidInputException>(() => design.Load(tensors.Where(other => other != tensor).ToDictionary(other => other.Name), 9));
            var bad = tensor with { Values = [.. tensor.Values.Select(_ => double.NaN)] };
            if (tensor.Values.Length > 1) Assert.Throws<InvalidInputException>(() => design.Load(tensors.Select(other => other == tensor ? bad : other).ToDictionary(other => other.Name), 9));
        }
    }

    // Phrases of the ranks of a long tail, each word hinting at the next.
    private static string Phrases(int words)
    {
        var random = new Random(8);
        var (text, last) = (new System.Text.StringBuilder(), 0);
        for (var i = 0; i < words; i++)
        {
            var rank = (int)Math.Exp(random.NextDouble() * Math.Log(3000));
            last = random.Next(3) == 0 ? rank : (last * 7 + rank % 5) % 3000;
            text.Append(Name(last)).Append(i % 9 == 8 ? '\n' : ' ');
        }

        return text.ToString();

        static string Name(int number) => string.Concat(number.ToString().Select(digit => (char)('a' + digit - '0')));
    }

    private static string Markov(int length)
    {
        var random = new Random(9);
        var (text, state) = (new char[length], 0);
        for (var i = 0; i < length; i++)
        {
            var letter = (int)(20 * Math.Pow(random.NextDouble(), 1 + state % 6));
            text[i] = (char)('a' + letter);
            state = state * 3 % 37 + letter;
        }

        return new string(text);
    }

    private static TokenStream Stream(bool documents)
    {
        var random = new Random(3);
        var text = string.Concat(Enumerable.Range(0, 400).Select(_ => (char)('a' + (int)(8 * random.NextDouble() * random.NextDouble()))));
        var corpus = documents ? Corpus.OfDocuments([.. text.Chunk(20).Select(piece => new string(piece))], 0.2) : Corpus.OfText(text, 0.2);
        return TokenStream.Of(corpus!, new CharacterTokens());
    }

    private static NGramModel Model(TokenStream stream, NGramDesign design) => Learnt(new NGramLearner(design, stream));

    private static NGramModel Model(Sequence sequence, NGramDesign design) => Learnt(new NGramLearner(design, sequence.Tokens, sequence.Tokens.Length, sequence.Vocabulary, sequence.End));

    private static NGramModel Learnt(NGramLearner learner)
    {
        while (!learner.IsComplete) learner.Step();
        return (NGramModel)learner.Finish();
    }

    private sealed record Sequence(int[] Tokens, int Vocabulary, int? End)
    {
        public static Sequence Of(int[] tokens, int vocabulary, int? end) => new(tokens, vocabulary, end);
    }
}
