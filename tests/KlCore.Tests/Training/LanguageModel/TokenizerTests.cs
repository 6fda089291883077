using System.Text;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Tests.Training.LanguageModel;

public class TokenizerTests
{
    private const string Sample = "First Citizen:\nBefore we proceed any further, hear me speak.\n\n  Ünïcödé 𝄞 don't, 12 + 3!\t(x)\r\n";

    private static readonly Tokenization[] Ways = [new ByteTokens(), new CharacterTokens(), new WordTokens { Vocabulary = 20 }, new BytePairTokens { Vocabulary = 280 }];

    public static TheoryData<int, bool> All()
    {
        var all = new TheoryData<int, bool>();
        for (var way = 0; way < Ways.Length; way++)
        {
            all.Add(way, false);
            all.Add(way, true);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Encode_AnyText_ComesBackAsItWasButForWhatIsUnknown(int way, bool hasEnd)
    {
        var tokenizer = Ways[way].Learn([Sample], hasEnd);
        var random = new Random(4);
        string[] parts = ["a", "don't", " ", "\n", "\t", "é", "𝄞", "'", "’", "12", "...", "First", " Citizen", "中文", "\u0301", "\r\n", "\0"];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            var tokens = tokenizer.Encode(text);
            Assert.All(tokens, token => Assert.InRange(token, 0, tokenizer.Vocabulary - (hasEnd ? 2 : 1)));
            var known = tokens.Where(token => token != tokenizer.Unknown).Sum(token => tokenizer.Bytes(token).Length);
            Assert.Equal(Encoding.UTF8.GetByteCount(text), known + tokenizer.UnknownBytes(text));
            if (tokenizer.UnknownBytes(text) == 0) Assert.Equal(text, tokenizer.Decode([.. tokens]));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Encode_TheTextThatItLearntFrom_ComesBack(int way, bool hasEnd)
    {
        var tokenizer = (Ways[way] is WordTokens ? new WordTokens() : Ways[way]).Learn([Sample], hasEnd);
        Assert.Equal(Sample, tokenizer.Decode([.. tokenizer.Encode(Sample)]));
        Assert.Equal(0, tokenizer.UnknownBytes(Sample));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_WhatWasSaved_CutsTheSame(int way, bool hasEnd)
    {
        var tokenizer = Ways[way].Learn([Sample], hasEnd);
        var read = Tokenizer.Read(tokenizer.Save());
        Assert.True(read.IsSameAs(tokenizer));
        Assert.Equal((tokenizer.Vocabulary, tokenizer.End, tokenizer.Unknown), (read.Vocabulary, read.End, read.Unknown));
        Assert.Equal(tokenizer.Encode(Sample + " new words"), read.Encode(Sample + " new words"));
        for (var token = 0; token < tokenizer.Vocabulary; token++) Assert.Equal(tokenizer.Name(token), read.Name(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "kind": "other" }""")]
    [InlineData("""{ "kind": "word" }""")]
    [InlineData("""{ "kind": "word", "tokens": ["<unk>", "a", "a"] }""")]
    [InlineData("""{ "kind": "word", "tokens": [1] }""")]
    [InlineData("""{ "kind": "byte-pair", "merges": [[1]] }""")]
    [InlineData("""{ "kind": "byte-pair", "merges": [[256, 1]] }""")]
    [InlineData("""{ "kind": "byte-pair", "merges": [[-1, 1]] }""")]
    [InlineData("""{ "kind": "byte-pair", "merges": [[1, 1], [1, 1]] }""")]
    [InlineData("""{ "kind": "byte-pair", "merges": 5 }""")]
    public void Read_OfSomethingElse_IsRefused(string json) => Assert.Throws<InvalidInputException>(() => Tokenizer.Read(Encoding.UTF8.GetBytes(json)));

    /// <summary>Against a program that goes through the whole text for each join (Reference/language.py).</summary>
    [Fact]
    public void BytePairs_OfTheGoldenVerse_AreThoseOfTheDefinition()
    {
        var golden = LanguageGolden.Read();
        var merges = PairMerging.Learn(Pieces.Count([golden.Verse]), golden.Merges.Length);
        Assert.Equal(golden.Merges.Select(pair => (pair[0], pair[1])), merges);
        Assert.Equal(golden.Tokens, new BytePairTokens { Vocabulary = 256 + golden.Merges.Length }.Learn([golden.Verse], false).Encode(golden.Verse));
    }

    [Fact]
    public void Words_OfTheGoldenVerse_AreTheMostFrequentFirst()
    {
        var golden = LanguageGolden.Read();
        var tokenizer = new WordTokens { Vocabulary = 31 }.Learn([golden.Verse], false);
        Assert.Equal(golden.Words, Enumerable.Range(1, 30).Select(token => Encoding.UTF8.GetString(tokenizer.Bytes(token))));
    }

    [Theory]
    [InlineData("Who's there?\n", "Who's| there|?|\n")]
    [InlineData("a  b   c", "a| | b|  | c")]
    [InlineData("x = 12+y\t z", "x| =| 12|+|y|\t| z")]
    [InlineData(" \n  \n", " |\n|  |\n")]
    [InlineData("'tis he' said", "'|tis| he|'| said")]
    [InlineData(" naïve 𝄞𝄞 été", " naïve| 𝄞𝄞| été")]
    public void Cut_Text_GivesWordsWithTheBlankBeforeThem(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Pieces.Cut(text).Select(piece => text.Substring(piece.Start, piece.Length)));

    [Fact]
    public void Cut_LongRuns_AreCutIntoPiecesOfBoundedLength()
    {
        foreach (var run in new[] { new string('a', 1000), new string(' ', 1000), new string('!', 1000), string.Concat(Enumerable.Repeat("𝄞", 500)) })
        {
            var pieces = Pieces.Cut(run).ToList();
            Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 65));
            Assert.Equal(run.Length, pieces.Sum(piece => piece.Length));
        }
    }
}
