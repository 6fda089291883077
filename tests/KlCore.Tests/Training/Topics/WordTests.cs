using KlCore.Training.Topics;

namespace KlCore.Tests.Training.Topics;

/// <summary>What is a word, and which words count.</summary>
public class WordTests
{
    // What gensim.utils.simple_preprocess answers for the same.
    [Theory]
    [InlineData("In the Beginning, God created heaven & earth!", "in the beginning god created heaven earth")]
    [InlineData("a I x yo", "yo")]
    [InlineData("3rd abc123def b2b don't", "rd abc def don")]
    [InlineData("_private snake_case __init__", "snake_case")]
    [InlineData("fourteenletter fifteenletterss sixteenletterzzz", "fourteenletter fifteenletterss")]
    [InlineData("Ärger über Größe, naïve café", "ärger über größe naïve café")]
    [InlineData("数学 χ² ½cup 𝒜𝒷", "数学 χ² ½cup 𝒜𝒷")]
    [InlineData("é à", "")]
    [InlineData("", "")]
    [InlineData("  \n\t -- 42 ", "")]
    public void Read_CutsTextsAsSimplePreprocessDoes(string text, string expected) => Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(), Words(new WordRules(), text));

    [Fact]
    public void Read_KeepsToTheRules()
    {
        Assert.Equal(["a", "ox"], Words(new WordRules { MinimumLength = 1, MaximumLength = 2 }, "A ox and a cow"));
        Assert.Equal(["ox", "cow"], Words(new WordRules { StopWords = StopWords.English }, "The ox and a cow"));
        Assert.Equal(["the", "and", "cow"], Words(new WordRules { StopWords = new(["OX"]) }, "The ox and a cow"));
    }

    [Fact]
    public void Read_CountsWordsOfEachDocument()
    {
        var vocabulary = new Vocabulary();
        var corpus = Corpus.Read(["to be or not to be", "", "not so"], new WordRules(), vocabulary, grow: true);
        Assert.Equal(["to", "be", "or", "not", "so"], vocabulary.Words);
        Assert.Equal([0, 1, 2, 3], corpus.Words(0).ToArray());
        Assert.Equal([2f, 2, 1, 1], corpus.Counts(0).ToArray());
        Assert.True(corpus.Words(1).IsEmpty);
        Assert.Equal([1, 1, 1, 2, 1], corpus.Frequencies(5));
        Assert.Equal((8, 6, 2), (corpus.Tokens(0, 3), corpus.Tokens(0, 1), corpus.Tokens(1, 3)));
        var other = Corpus.Read(["not new to me"], new WordRules(), vocabulary, grow: false);
        Assert.Equal([0, 3], other.Words(0).ToArray());
        Assert.Equal(5, vocabulary.Count);
        var kept = corpus.Keep([1, 3], 5);
        Assert.Equal([0, 1], kept.Words(0).ToArray());
        Assert.Equal([2f, 1], kept.Counts(0).ToArray());
        Assert.Equal([1], kept.Words(2).ToArray());
    }

    [Fact]
    public void FilterExtremes_KeepsWordsOfNeitherTooFewNorTooManyDocuments()
    {
        int[] frequencies = [1, 4, 2, 10, 3, 4, 6];
        Assert.Equal([1, 2, 4, 5], new FilterExtremes { NoBelow = 2, NoAbove = 0.5 }.Keep(frequencies, 10));
        Assert.Equal([1, 2, 3, 4, 5, 6], new FilterExtremes { NoBelow = 2, NoAbove = 1, KeepN = null }.Keep(frequencies, 10));
        // Of the equally frequent the first.
        Assert.Equal([1, 3, 6], new FilterExtremes { NoBelow = 1, NoAbove = 1, KeepN = 3 }.Keep(frequencies, 10));
    }

    private static IEnumerable<string> Words(WordRules rules, string text)
    {
        var vocabulary = new Vocabulary();
        Corpus.Read([text], rules, vocabulary, grow: true);
        return vocabulary.Words;
    }
}
