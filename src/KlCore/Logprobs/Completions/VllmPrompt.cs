using System.Globalization;

namespace KlCore.Logprobs.Completions;

/// <summary>
/// <c>prompt_logprobs = [null, {"1234": {logprob, rank, decoded_token}, ...}, ...]</c>, at the top or in <c>choices[0]</c>. Beside the most likely
/// tokens there is the one that stands in the prompt, with its true rank: beyond them it is known which one that is.
/// </summary>
internal sealed class VllmPrompt : CompletionLayout
{
    public override CompletionFormat Format => CompletionFormat.VllmPrompt;

    public override bool IsGivenText => true;

    public override Node? Locate(Node document)
    {
        var prompt = document.Array("prompt_logprobs") ?? Choice(document).Array("prompt_logprobs") ?? (document.IsArray ? document : null);
        return prompt is { } node && Starts(node, IsPosition) ? node : null;
    }

    public override void Read(Node node, PositionsReader reader)
    {
        var shortest = node.Items().Where(position => position.IsObject).Select(position => position.Members().Count()).DefaultIfEmpty().Min();
        foreach (var position in node.Items())
        {
            if (position.IsNull)
            {
                reader.Skip();
                continue;
            }

            ReadPosition(position, shortest, reader);
            reader.End(position);
        }
    }

    private static void ReadPosition(Node position, int shortest, PositionsReader reader)
    {
        var entries = position.Members().ToList();
        var ranks = entries.Select(entry => entry.Value.Member("rank") is { IsNumber: true } rank && rank.Element.TryGetInt32(out var value) ? value : 0).ToList();
        var listed = Listed(ranks);
        // A position has k entries, or k + 1 of which the one beyond rank k is the token of the prompt; a shorter position tells k.
        var k = Math.Min(listed, shortest);
        var beyond = listed >= 0 && entries.Count == k + 1 && ranks.Count(rank => rank > k) == 1 ? ranks.FindIndex(rank => rank > k) : -1;
        for (var i = 0; i < entries.Count; i++)
        {
            var (name, entry) = entries[i];
            if (!IsId(name, out var id)) entry.At.Add("must be under the token's id, a whole number from 0");
            else if (entry.Field("logprob") is not { } value) entry.At.Add("must be an object with logprob");
            else
            {
                var text = entry.Member("decoded_token") is { } decoded ? decoded.Text() : null;
                // Without ranks the token of the prompt may be any one, and only the least of them could be beyond the list.
                reader.Add(new TokenName(id, null, text), value, listed < 0 || ranks[i] <= listed);
                if (i == beyond) reader.Choose(new TokenName(id, null, text));
            }
        }

        if (listed < 0) reader.UnrankLeast();
    }

    /// <summary>The k for which ranks 1 to k are all there; -1 if there are no ranks.</summary>
    private static int Listed(List<int> ranks)
    {
        if (ranks.Count == 0 || ranks.Exists(rank => rank <= 0)) return -1;
        var known = ranks.ToHashSet();
        var k = 0;
        while (known.Contains(k + 1)) k++;
        return k;
    }

    private static bool IsPosition(Node position)
    {
        if (!position.IsObject) return false;
        using var members = position.Element.EnumerateObject();
        return members.MoveNext() && new Node(members.Current.Value, position.At).Field("logprob") is not null;
    }

    private static bool IsId(string name, out int id) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
