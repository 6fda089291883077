namespace KlCore.Logprobs.Completions;

/// <summary>
/// <c>meta_info.{input,output}_top_logprobs[t] = [[logprob, id, text], ...] | null</c>, with <c>_token_logprobs[t] = [logprob, id, text]</c> of the
/// token that stands there and <c>_token_ids_logprobs[t]</c> of tokens that were asked for.
/// </summary>
internal sealed class SgLang(bool isPrompt) : CompletionLayout
{
    private readonly string _prefix = isPrompt ? "input" : "output";

    public override CompletionFormat Format => isPrompt ? CompletionFormat.SglangPrompt : CompletionFormat.Sglang;

    public override bool IsGivenText => isPrompt;

    public override Node? Locate(Node document)
    {
        var answer = First(document, "meta_info");
        var info = answer.Member("meta_info") ?? answer;
        foreach (var kind in (string[])["_top_logprobs", "_token_ids_logprobs"])
            if (info.Array(_prefix + kind) is { } lists && Starts(lists, list => list.Count > 0)) return info;
        // The values of the generated tokens alone are always there; those of a prompt say little and would hide them.
        return !isPrompt && info.Array("output_token_logprobs") is { Count: > 0 } ? info : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        var tops = node.Array(_prefix + "_top_logprobs");
        var drawn = node.Array(_prefix + "_token_logprobs");
        var scored = node.Array(_prefix + "_token_ids_logprobs");
        var count = new[] { tops, drawn, scored }.Max(array => array?.Count ?? 0);
        for (var i = 0; i < count && node.At.Total < Problems.Limit; i++)
        {
            ReadList(tops?.Item(i), reader, isRanked: true);
            ReadList(scored?.Item(i), reader, isRanked: false);
            if (drawn?.Item(i) is { IsArray: true } entry && Token(entry) is { } token)
            {
                if (entry.Item(0) is { IsNull: false } value) reader.AddBeside(token, value);
                reader.Choose(token);
            }

            if (Value(tops, i) || Value(scored, i) || Value(drawn?.Item(i), 0)) reader.End(tops?.Item(i) ?? scored?.Item(i) ?? drawn!.Value);
            else reader.Skip();
        }
    }

    private static bool Value(Node? array, int index) => array?.Item(index) is { IsNull: false };

    private static void ReadList(Node? list, PositionsReader reader, bool isRanked)
    {
        if (list is not { IsNull: false } entries) return;
        foreach (var entry in entries.Items())
        {
            if (entry.Item(0) is not { } value || Token(entry) is not { } token) entry.At.Add("must be [logprob, id, text]");
            else if (isRanked) reader.Add(token, value, isRanked: true);
            else reader.AddBeside(token, value);
        }
    }

    private static TokenName? Token(Node entry)
    {
        if (entry.Item(1) is not { } number || number.Id() is not { } id) return null;
        return new TokenName(id, null, entry.Item(2) is { IsNull: false } text ? text.Text() : null);
    }
}
