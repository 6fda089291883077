using System.Runtime.InteropServices;
using KlApi.Host;
using KlCore;
using KlCore.Logits;

namespace KlApi.Storage.Logits;

/// <summary>
/// The next tokens of rows that are read in step: from a file of their own, and from the files of logits where those have some. Where two of them know the next token of a row, they must agree.
/// </summary>
internal sealed class TargetsSource(Stream? own, LogitsSource p, LogitsSource q)
{
    /// <summary>Whether there are any. Known when the first rows were read.</summary>
    public bool Any => own is not null || p.Targets is { Count: > 0 } || q.Targets is { Count: > 0 };

    /// <summary>Fills in the targets of the rows from <paramref name="first"/> on, which both sides have read by now.</summary>
    public async Task Read(long first, Memory<int> targets, CancellationToken cancellation)
    {
        if (own is null) targets.Span.Fill(-1);
        else await ReadOwn(first, targets, cancellation);
        foreach (var side in (LogitsSource[])[p, q])
            if (side.Targets is { } list) Join(list, first, targets.Span);
        SidesMatch.RequireTokens(targets.Span, Math.Max(p.Shape.Vocabulary, q.Shape.Vocabulary), first);
    }

    /// <summary>All rows were read, so many; the targets of a file of their own must be as many.</summary>
    public void Complete(long rows)
    {
        if (own is not null && own.Length != rows * sizeof(int)) throw Mismatch(rows);
    }

    private NotComputableException Mismatch(long rows) => new("row-count-mismatch", $"There must be one target for each row: there are {own!.Length / sizeof(int)} targets and {rows} rows.");

    private async Task ReadOwn(long first, Memory<int> targets, CancellationToken cancellation)
    {
        if (own!.Length < (first + targets.Length) * sizeof(int)) throw Mismatch(first + targets.Length);
        var bytes = new byte[targets.Length * sizeof(int)];
        await own.ReadExactlyAsync(bytes, cancellation);
        MemoryMarshal.Cast<byte, int>(bytes).CopyTo(targets.Span);
    }

    /// <summary>A row whose next token is known in one place only has that one.</summary>
    private static void Join(IReadOnlyList<int> list, long first, Span<int> targets)
    {
        // A file may tell its targets behind the logits only; then they are not known here.
        for (var i = 0; i < targets.Length && first + i < list.Count; i++)
        {
            var (known, other) = (targets[i], list[(int)(first + i)]);
            if (!SidesMatch.TryTarget(known, other, out targets[i])) throw Refusal.Conflict(SidesMatch.TokenMismatch, SidesMatch.OtherTexts(first + i, known, other));
        }
    }
}
