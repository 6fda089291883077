using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;

namespace KlCore.Training.Topics;

/// <summary>
/// How a text is cut into words: lower case, maximal runs of letters (and the underscores and numerals within that Python's \w takes, but no
/// decimal digits), of which those are kept that are neither too short nor too long, do not begin with an underscore and are no stop words.
/// The defaults are those of gensim.utils.simple_preprocess.
/// </summary>
public sealed record WordRules : IChecked
{
    /// <summary>How many characters a word has at least.</summary>
    [Range(1, 100)]
    public int MinimumLength { get; init; } = 2;

    /// <summary>How many characters a word has at most.</summary>
    [Range(1, 100)]
    public int MaximumLength { get; init; } = 15;

    /// <summary>Words that are left out: "english", or a list; none by default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StopWords? StopWords { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (MaximumLength < MinimumLength) problems.Add("maximumLength", $"must be at least minimumLength, {MinimumLength}, was {MaximumLength}");
    }

    /// <summary>Finds the next word of a text in lower case.</summary>
    /// <param name="lower">The text.</param>
    /// <param name="at">Where to look; afterwards where to look for the next one.</param>
    /// <param name="word">The word.</param>
    /// <returns>Whether there was one.</returns>
    internal bool Next(string lower, ref int at, out ReadOnlySpan<char> word)
    {
        while (at < lower.Length)
        {
            var (start, length) = (at, 0);
            while (at < lower.Length && Take(lower, at) is var width and > 0)
            {
                at += width;
                length++;
            }

            word = lower.AsSpan(start..at);
            if (length == 0) at++;
            else if (length >= MinimumLength && length <= MaximumLength && word[0] != '_' && StopWords?.Contains(word) != true) return true;
        }

        word = default;
        return false;
    }

    // How many UTF-16 units the character of a word takes that is here; 0 if it is none.
    private static int Take(string text, int at)
    {
        var unit = text[at];
        if (unit < 128) return char.IsAsciiLetterLower(unit) || unit == '_' ? 1 : 0;
        if (!Rune.TryGetRuneAt(text, at, out var rune)) return 0;
        return Rune.IsLetter(rune) || Rune.IsNumber(rune) && !Rune.IsDigit(rune) ? rune.Utf16SequenceLength : 0;
    }
}
