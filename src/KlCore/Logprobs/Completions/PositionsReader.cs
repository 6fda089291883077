using System.Globalization;
using System.Text.Json;

namespace KlCore.Logprobs.Completions;

/// <summary>Collects the positions of one document while a layout walks through it.</summary>
internal sealed class PositionsReader(double tolerance)
{
    /// <summary>What OpenAI writes for "very unlikely" and vLLM for everything below.</summary>
    private const double Unlikely = -9999;

    /// <summary>llama-server's logarithm of a probability that is 0 in floats: the most negative float.</summary>
    private const double NoFloat = -3.4028e38;

    private const string IdPrefix = "token_id:";

    private readonly Precision _precision = new();
    private readonly List<(TokenName? Chosen, List<Entry> Entries)> _positions = [];
    private TokenName? _chosen;
    private List<Entry> _entries = [];

    /// <summary>How many positions there are so far.</summary>
    public int Count => _positions.Count;

    /// <summary>The name that a text stands for; vLLM can be asked to write ids as texts.</summary>
    public static TokenName Named(string text) =>
        text.StartsWith(IdPrefix, StringComparison.Ordinal) && int.TryParse(text.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new TokenName(id, null, null)
            : new TokenName(null, null, text);

    /// <summary>A token as objects describe it: <c>id</c>, <c>bytes</c>, and <c>token</c> or <c>text</c>.</summary>
    public static TokenName Described(Node entry)
    {
        var named = (entry.Member("token") ?? entry.Member("text") ?? entry.Member("tok_str")) is { } text && text.Text() is { } value ? Named(value) : default;
        if (entry.Member("id") is { } id) named = named with { Id = id.Id() };
        if (entry.Array("bytes") is { } bytes) named = named with { Bytes = BytesOf(bytes) };
        if (named == default) entry.At.Add("must name its token by id, bytes or text");
        return named;
    }

    /// <summary>The token that stands at the current position.</summary>
    public void Choose(TokenName token) => _chosen = token;

    /// <summary>A scored token of the current position, by its log-probability.</summary>
    public void Add(TokenName token, Node value, bool isRanked)
    {
        if (Read(value) is { } entry) _entries.Add(entry with { Token = token, IsRanked = isRanked });
    }

    /// <summary>A scored token of the current position, by its probability.</summary>
    public void AddProbability(TokenName token, Node value, bool isRanked)
    {
        if (!value.IsNumber || value.Element.GetDouble() is not (>= 0 and var probability) || probability > 1 + tolerance)
        {
            value.At.Add("must be a probability from 0 to 1");
            return;
        }

        _precision.See(value.Element);
        _entries.Add(new Entry(token, Math.Log(Math.Min(1, probability)), probability > 0, isRanked, IsProbability: true));
    }

    /// <summary>A token that is scored beside the list; one that the list has already is left out.</summary>
    public void AddBeside(TokenName token, Node value)
    {
        foreach (var entry in _entries)
            if (IsSame(entry.Token, token)) return;
        Add(token, value, isRanked: false);
    }

    /// <summary>The same for a probability.</summary>
    public void AddProbabilityBeside(TokenName token, Node value)
    {
        foreach (var entry in _entries)
            if (IsSame(entry.Token, token)) return;
        AddProbability(token, value, isRanked: false);
    }

    /// <summary>
    /// The current position is complete. Lists into which a server may have put the token that was drawn, in place of or beyond the k-th, are
    /// headed by those that are certainly among the most likely: then that token, where it is the least, says nothing about the others.
    /// </summary>
    public void End(Node at, bool chosenMayBeListed = false)
    {
        if (_entries.Count == 0 && !at.At.Any) at.At.Add("must score at least one token");
        var seen = new HashSet<int>();
        foreach (var entry in _entries)
            if (entry.Token.Id is { } id && !seen.Add(id)) at.At.Add($"must name each token once, but names {entry.Token} with id {id} more than once");
        if (chosenMayBeListed && _chosen is { } chosen) Unrank(chosen);
        Close();
    }

    /// <summary>Takes the least of the current position from the list of the most likely, where it may be there for another reason.</summary>
    public void UnrankLeast()
    {
        var least = -1;
        for (var i = 0; i < _entries.Count; i++)
            if (_entries[i].HasValue && (least < 0 || _entries[i].Log < _entries[least].Log)) least = i;
        if (least >= 0) _entries[least] = _entries[least] with { IsRanked = false };
    }

    /// <summary>A position of which nothing is told.</summary>
    public void Skip()
    {
        _entries = [];
        Close();
    }

    /// <summary>The document as read, each value with the precision that all of them together show.</summary>
    public Completion Result(CompletionFormat format, bool isGivenText) => new(format, [.. _positions.Select(position =>
        new CompletionPosition(position.Chosen, [.. position.Entries.Select(Score)]))], isGivenText)
    {
        Digits = _precision.Digits,
        Coarseness = _positions.SelectMany(position => position.Entries).Where(entry => entry.HasValue).Select(entry => _precision.Printed(Printed(entry))).DefaultIfEmpty().Max(),
    };

    private static double Printed(Entry entry) => entry.IsProbability ? Math.Exp(entry.Log) : entry.Log;

    private TokenScore Score(Entry entry)
    {
        var uncertainty = !entry.HasValue ? 0 : entry.IsProbability ? _precision.OfProbability(Math.Exp(entry.Log)) : _precision.OfLog(entry.Log);
        return new TokenScore(entry.Token, entry.Log, entry.HasValue, entry.IsRanked, uncertainty);
    }

    private void Close()
    {
        _positions.Add((_chosen, _entries));
        (_chosen, _entries) = (null, []);
    }

    private void Unrank(TokenName chosen)
    {
        var at = _entries.FindIndex(entry => IsSame(entry.Token, chosen));
        if (at < 0 || !_entries[at].IsRanked || _entries.Exists(entry => entry.IsRanked && entry.HasValue && entry.Log < _entries[at].Log)) return;
        _entries[at] = _entries[at] with { IsRanked = false };
    }

    private Entry? Read(Node value)
    {
        switch (value.Element.ValueKind)
        {
            case JsonValueKind.Null:
                return new Entry(default, 0, HasValue: false, false, false);
            case JsonValueKind.String when value.Text() is "-Infinity" or "-inf":
                return new Entry(default, double.NegativeInfinity, HasValue: true, false, false);
            case JsonValueKind.Number:
                return Read(value, value.Element.GetDouble());
            default:
                value.At.Add("must be a log-probability: a number of at most 0, or \"-Infinity\"");
                return null;
        }
    }

    private Entry? Read(Node value, double log)
    {
        if (log > tolerance) value.At.Add($"must be a log-probability, at most 0, was {log:R}");
        else if (double.IsInfinity(log)) value.At.Add("must be within the range of a double (about -1.8e308)");
        else if (log.Equals(Unlikely) || log <= NoFloat) return new Entry(default, log, HasValue: false, false, false);
        else
        {
            _precision.See(value.Element);
            return new Entry(default, Math.Min(0, log), HasValue: true, false, false);
        }

        return null;
    }

    private static bool IsSame(TokenName one, TokenName other)
    {
        if (one.Id is not null && other.Id is not null) return one.Id == other.Id;
        if (one.Bytes is not null && other.Bytes is not null) return one.Bytes == other.Bytes;
        return one.Text is not null && one.Text == other.Text;
    }

    private static string? BytesOf(Node bytes)
    {
        var characters = new char[bytes.Count];
        var index = 0;
        foreach (var item in bytes.Element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetByte(out var value))
            {
                bytes.At.At(index).Add("must be a byte, 0 to 255");
                return null;
            }

            characters[index++] = (char)value;
        }

        return new string(characters);
    }

    private readonly record struct Entry(TokenName Token, double Log, bool HasValue, bool IsRanked, bool IsProbability);
}
