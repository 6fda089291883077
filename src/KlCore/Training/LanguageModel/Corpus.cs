namespace KlCore.Training.LanguageModel;

/// <summary>Texts in two parts: what is learnt from, and what is held out. The held-out part is the tail: the end of one running text, or the last documents.</summary>
/// <param name="Training">At least one text.</param>
/// <param name="Validation">At least one text.</param>
/// <param name="AreDocuments">Whether each text stands for itself, and not for a part of one that runs on.</param>
internal sealed record Corpus(IReadOnlyList<string> Training, IReadOnlyList<string> Validation, bool AreDocuments)
{
    // How far from the share that was asked for the held-out part may begin, so that it begins with a line or a word.
    private const int Search = 1000;

    /// <summary>Splits one running text; at the start of a line or at least of a word where one is near. Null if there is too little of it.</summary>
    public static Corpus? OfText(string text, double validationFraction)
    {
        var cut = (int)Math.Round(text.Length * (1 - validationFraction));
        if (cut <= 0 || cut >= text.Length) return null;
        var near = text.AsSpan(cut, Math.Min(Search, (text.Length - cut) / 2));
        if (near.IndexOf('\n') is var line and >= 0) cut += line + 1;
        else if (near.IndexOf(' ') is var blank and >= 0) cut += blank;
        else if (char.IsLowSurrogate(text[cut]) && cut + 1 < text.Length) cut++;
        return new Corpus([text[..cut]], [text[cut..]], AreDocuments: false);
    }

    /// <summary>Splits documents; one alone is a running text. Null if there is too little of them.</summary>
    public static Corpus? OfDocuments(IReadOnlyList<string> documents, double validationFraction)
    {
        if (documents.Count == 1) return OfText(documents[0], validationFraction);
        var heldOut = Math.Clamp((int)Math.Round(documents.Count * validationFraction), 1, documents.Count - 1);
        var corpus = new Corpus([.. documents.Take(documents.Count - heldOut)], [.. documents.Skip(documents.Count - heldOut)], AreDocuments: true);
        return corpus.Training.Any(text => text.Length > 0) && corpus.Validation.Any(text => text.Length > 0) ? corpus : null;
    }
}
