using System.Text;
using System.Text.Json;
using KlCore.Divergences;
using KlCore.Numerics;
using KlCore.Texts;
using KlCore.Texts.NGrams;
using KlCore.Training;

namespace KlCore.Tests.Texts;

public class NGramDivergenceTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Reference().Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compare_AgainstPython_IsTheSame(int index)
    {
        var expected = Reference()[index];
        var how = JsonSerializer.Deserialize<NGramDivergence>(expected.GetProperty("request"), Options)! with { Measures = [new KullbackLeibler(), new KullbackLeibler { Direction = Direction.Reverse }, new JensenShannon()] };
        var compared = Compare(how);
        Assert.Equal(expected.GetProperty("vocabulary").GetInt32(), compared.Vocabulary);
        Assert.Equal(expected.GetProperty("outOfVocabulary").GetInt32(), compared.OutOfVocabulary);
        Assert.Equal(expected.GetProperty("ngrams").EnumerateArray().Select(count => count.GetInt64()), [compared.P.NGrams, compared.Q.NGrams]);
        AssertNear(expected.GetProperty("forward"), compared.Results[0].Value);
        AssertNear(expected.GetProperty("reverse"), compared.Results[1].Value);
        AssertNear(expected.GetProperty("jensenShannon"), compared.Results[2].Value);
        AssertNear(expected.GetProperty("bias")[0], compared.Forward.Bias.P);
        AssertNear(expected.GetProperty("bias")[1], compared.Reverse.Bias.Q);
        if (expected.GetProperty("largest").ValueKind == JsonValueKind.Number) AssertNear(expected.GetProperty("largest"), compared.Contributors.Forward[0].Contribution);
    }

    [Theory]
    [InlineData(TextTokens.Word, 1)]
    [InlineData(TextTokens.Word, 5)]
    [InlineData(TextTokens.Character, 4)]
    [InlineData(TextTokens.Byte, 5)]
    public void Contributions_OfAll_AddUpToTheDivergence(TextTokens tokens, int order)
    {
        var compared = Compare(new NGramDivergence { P = Text("to be or not to be, that is the question"), Q = Text("be that as it may, the question is not to be"), Tokens = tokens, Order = order, Top = 1000 });
        Assert.Equal(compared.Vocabulary, compared.Contributors.Forward.Count);
        Assert.Equal(compared.Forward.Value, compared.Contributors.Forward.Sum(entry => entry.Contribution), 1e-13);
        Assert.Equal(compared.Reverse.Value, compared.Contributors.Reverse.Sum(entry => entry.Contribution), 1e-13);
        Assert.Equal(compared.P.NGrams, compared.Contributors.Forward.Sum(entry => entry.CountP));
        Assert.Equal(1, compared.Contributors.Reverse.Sum(entry => entry.Q), 1e-12);
    }

    [Theory]
    [InlineData(TextTokens.Word)]
    [InlineData(TextTokens.Character)]
    [InlineData(TextTokens.Byte)]
    public void Compare_ATextWithItself_IsZero(TextTokens tokens)
    {
        var text = Text("Ein Bär 🦊 und\nnoch ein Bär");
        for (var order = 1; order <= 5; order++)
        {
            var compared = Compare(new NGramDivergence { P = text, Q = text, Tokens = tokens, Order = order, Smoothing = new NoSmoothing() });
            Assert.All(compared.Results, result => Assert.Equal(0, result.Value));
            Assert.Equal((0.0, 0.0), (compared.Forward.StandardError, compared.P.MassOutsideOther));
        }
    }

    [Fact]
    public void NGrams_OfSeveralTexts_NeverReachFromOneIntoTheNext()
    {
        var compared = Compare(new NGramDivergence { P = new TextInput(["a b", "c d", "e", ""]), Q = Text("a b c d e"), Order = 2, Top = 100 });
        Assert.Equal((4, 5L, 2L), (compared.P.Texts, compared.P.Tokens, compared.P.NGrams));
        Assert.Equal(["a b", "c d", "b c", "d e"], compared.Contributors.Forward.Select(entry => entry.NGram));
        Assert.Equal(["b", "c"], compared.Contributors.Reverse[0].Tokens);
    }

    /// <summary>Tens of thousands of different words in an order that does not fit in 64 bits: numbers take the place of beginnings, and all comes back.</summary>
    [Fact]
    public void NGrams_OfAnyOrder_ComeBackAsTheyWere()
    {
        var random = new RandomStream(1, 0, "words");
        string[] words = [.. Enumerable.Range(0, 70_000).Select(_ => string.Concat(Enumerable.Range(0, 4).Select(_ => (char)('a' + random.NextIndex(14)))))];
        var compared = Compare(new NGramDivergence { P = Text(string.Join(' ', words)), Q = Text("x y z u v"), Order = 5, Top = 1000 });
        var all = Enumerable.Range(0, words.Length - 4).Select(i => string.Join(' ', words[i..(i + 5)])).ToHashSet();
        Assert.Equal(words.Length - 4 + 1, compared.Vocabulary);
        Assert.All(compared.Contributors.Forward, entry => Assert.Contains(entry.NGram!, all));
        Assert.Equal(1000, compared.Contributors.Forward.Select(entry => entry.NGram).Distinct().Count());
    }

    [Theory]
    [InlineData("don't stop—e.g. 3.5 km", TextTokens.Word, true, "don't|stop|—|e|.|g|.|3|.|5|km")]
    [InlineData("don't stop—e.g. 3.5 km", TextTokens.Word, false, "don't|stop|e|g|3|5|km")]
    [InlineData("é🦊", TextTokens.Character, true, "é|🦊")]
    [InlineData("é\n", TextTokens.Byte, true, "<0xC3>|<0xA9>|<0x0A>")]
    public void Tokens_OfATextAre_ThoseOfItsKind(string text, TextTokens tokens, bool punctuation, string expected)
    {
        var compared = Compare(new NGramDivergence { P = Text(text), Q = Text(text), Tokens = tokens, Punctuation = punctuation, Top = 100 });
        Assert.Equal(expected.Split('|').Distinct().Order(StringComparer.Ordinal), compared.Contributors.Forward.Select(entry => entry.Tokens!.Single()).Order(StringComparer.Ordinal));
    }

    /// <summary>Words drawn one by one from two distributions, again and again: the scatter of the estimates is the error that each of them states.</summary>
    [Fact]
    public void StandardError_OfIndependentWords_IsTheScatterOfTheEstimates()
    {
        double[] p = [0.5, 0.25, 0.15, 0.1], q = [0.25, 0.25, 0.25, 0.25];
        var (values, errors, blocks) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < 400; run++)
        {
            var random = new RandomStream(5, run, "texts");
            var forward = Compare(new NGramDivergence { P = Text(Draw(p, 600, random)), Q = Text(Draw(q, 300, random)) }).Forward;
            values.Add(forward.Value);
            errors.Add(forward.StandardError!.Value);
            blocks.Add(forward.BlockStandardError!.Value);
        }

        var scatter = Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Count - 1));
        // The scatter of 400 is known to 1/sqrt(800), 3.5 %; three times that, and 3 % for what the delta method leaves out.
        Assert.InRange(errors.Average() / scatter, 0.86, 1.14);
        Assert.InRange(blocks.Average() / scatter, 0.86, 1.14);
    }

    /// <summary>Every word said twenty times in a row says no more than once.</summary>
    [Fact]
    public void BlockStandardError_OfWordsInBursts_IsSeveralTimesAsLarge()
    {
        var random = new RandomStream(6, 0, "texts");
        var text = string.Join(' ', Draw([0.5, 0.25, 0.15, 0.1], 1000, random).Split(' ').SelectMany(word => Enumerable.Repeat(word, 20)));
        var forward = Compare(new NGramDivergence { P = Text(text), Q = Text(Draw([0.25, 0.25, 0.25, 0.25], 20_000, random)) }).Forward;
        Assert.InRange(forward.BlockStandardError!.Value / forward.StandardError!.Value, 2, 6);
    }

    [Fact]
    public void Warnings_OfShortTexts_SayThatTheValueIsMostlyBias()
    {
        var compared = Compare(new NGramDivergence { P = Text("a b c d"), Q = Text("a b c e") });
        Assert.Equal(2, compared.Warnings.Count);
        Assert.Equal((3 / 8.0, 6 / 8.0), (compared.Forward.Bias.P, compared.Forward.Bias.Total));
    }

    [Fact]
    public void Errors_OfAnInfiniteDivergence_AreNotStated()
    {
        var compared = Compare(new NGramDivergence { P = Text("a b"), Q = Text("a"), Smoothing = new NoSmoothing() });
        Assert.Equal((double.PositiveInfinity, null, null), (compared.Forward.Value, compared.Forward.StandardError, compared.Forward.BlockStandardError));
        Assert.Equal(("b", double.PositiveInfinity), (compared.Contributors.Forward[0].NGram, compared.Contributors.Forward[0].Contribution));
        // One word is one block: its error by blocks is not known.
        Assert.Equal((Math.Log(2), null), (compared.Reverse.Value, compared.Reverse.BlockStandardError));
        Assert.Single(compared.Warnings, warning => warning.Contains("q is 0 for 1 n-grams of p", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_WhatIsNotLegal_NamesEveryFailure()
    {
        var failure = Assert.Throws<InvalidInputException>(() => Compare(new NGramDivergence
        {
            P = new TextInput([]),
            Q = Text("a"),
            Order = 6,
            MinimumCount = 0,
            Top = -1,
            Smoothing = new DirichletSmoothing { Background = [1] },
            Measures = [new Wasserstein()],
        }));
        Assert.Equal(["/measures/0", "/minimumCount", "/order", "/p", "/smoothing/background", "/top"], failure.Problems.ByPointer().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["/p", "/q"], Assert.Throws<InvalidInputException>(() => Compare(new NGramDivergence { P = Text(" \n"), Q = Text("a b"), Order = 3 })).Problems.ByPointer().Keys);
        Assert.Throws<TooCostlyException>(() => new NGramDivergence { P = Text("abc"), Q = Text("abc") }.Compare(new NoInputs(), 5));
    }

    private static NGramComparison Compare(NGramDivergence how) => how.Compare(new NoInputs(), 10_000_000);

    private static TextInput Text(string text) => new([text]);

    private static string Draw(double[] probabilities, int count, RandomStream random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var (u, word) = (random.NextUniform(), 0);
            while (word < probabilities.Length - 1 && (u -= probabilities[word]) > 0) word++;
            text.Append(i == 0 ? "" : " ").Append((char)('a' + word));
        }

        return text.ToString();
    }

    private static void AssertNear(JsonElement expected, double value)
    {
        if (expected.ValueKind == JsonValueKind.String) Assert.Equal(double.PositiveInfinity, value);
        else Assert.Equal(expected.GetDouble(), value, 1e-13 * Math.Max(1e-3, expected.GetDouble()));
    }

    private static JsonElement[] Reference() =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "ngrams.json"))).RootElement.EnumerateArray().Select(entry => entry.Clone())];

    private sealed class NoInputs : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new NotSupportedException();
    }
}
