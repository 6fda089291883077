namespace KlCore.Texts;

/// <summary>What a text is counted by.</summary>
public enum TextTokens
{
    /// <summary>Words, numbers and signs, without the white space between them.</summary>
    Word,

    /// <summary>Characters (code points of Unicode), white space included.</summary>
    Character,

    /// <summary>Bytes of UTF-8.</summary>
    Byte,
}
