namespace KlCore.Logprobs.Completions;

/// <summary>
/// <c>{logprobs: [B][T][K], logprob_token_ids: [B][T][K], actual_logprobs: [B][T][1]}</c> of sequences that were scored, and
/// <c>completion_ids: [B][T]</c> of those that were generated. The sequences are read one after the other.
/// </summary>
internal sealed class TrlServer : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.TrlServer;

    public override bool IsGivenText => true;

    public override Node? Locate(Node document) =>
        document.Array("logprobs") is { } values && document.Array("logprob_token_ids") is not null && Starts(values, row => row.IsArray) ? document : null;

    public override void Read(Node node, PositionsReader reader)
    {
        var (values, ids) = (node.Array("logprobs")!.Value, node.Array("logprob_token_ids")!.Value);
        var (actual, actualIds) = (node.Array("actual_logprobs"), node.Array("actual_token_ids") ?? node.Array("completion_ids"));
        if (!SameCount(values, ids)) return;
        for (var b = 0; b < values.Count; b++)
        {
            var (rows, rowIds) = (values.Item(b)!.Value, ids.Item(b)!.Value);
            if (!SameCount(rows, rowIds)) continue;
            for (var t = 0; t < rows.Count && node.At.Total < Problems.Limit; t++)
            {
                ReadRow(rows.Item(t)!.Value, rowIds.Item(t)!.Value, reader);
                if (Single(actualIds?.Item(b)?.Item(t)) is { IsNumber: true } id && id.Id() is { } token)
                {
                    var name = new TokenName(token, null, null);
                    if (Single(actual?.Item(b)?.Item(t)) is { IsNull: false } value) reader.AddBeside(name, value);
                    reader.Choose(name);
                }

                reader.End(rows.Item(t)!.Value);
            }
        }
    }

    private static void ReadRow(Node values, Node ids, PositionsReader reader)
    {
        if (!SameCount(values, ids)) return;
        for (var k = 0; k < values.Count; k++)
            if (ids.Item(k)!.Value.Id() is { } id) reader.Add(new TokenName(id, null, null), values.Item(k)!.Value, isRanked: true);
    }

    /// <summary>The one element of an array, or what is no array.</summary>
    private static Node? Single(Node? node) => node is { IsArray: true } array ? array.Item(0) : node;

    private static bool SameCount(Node values, Node ids)
    {
        if (values.IsArray && ids.IsArray && values.Count == ids.Count) return true;
        ids.At.Add("must be an array of as many elements as the one of logprobs");
        return false;
    }
}
