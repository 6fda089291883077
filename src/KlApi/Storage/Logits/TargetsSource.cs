using System.Runtime.InteropServices;
using KlApi.Host;
using KlCore;

namespace KlApi.Storage.Logits;

/// <summary>
/// The next tokens of rows that are read in step: from a file of their own, and from the files of logits where those have some. All that are there must agree.
/// </summary>
internal sealed class TargetsSource(Stream? own, LogitsSource p, LogitsSource q)
{
    /// <summary>Whether there are any. Known when the first rows were read.</summary>
    public bool Any => own is not null || p.Targets is not null || q.Targets is not null;

    /// <summary>Fills in the targets of the rows from <paramref name="first"/> on, which both sides have read by now.</summary>
    public async Task Read(long first, Memory<int> targets, CancellationToken cancellation)
    {
        var isKnown = false;
        if (own is not null)
        {
            await ReadOwn(targets, cancellation);
            isKnown = true;
        }

        foreach (var side in (LogitsSource[])[p, q])
        {
            if (side.Targets is not { } list) continue;
            if (!isKnown) Copy(list, first, targets.Span);
            else Compare(list, first, targets.Span);
            isKnown = true;
        }

        Check(first, targets.Span);
    }

    private void Check(long first, ReadOnlySpan<int> targets)
    {
        var vocabulary = Math.Max(p.Shape.Vocabulary, q.Shape.Vocabulary);
        for (var i = 0; i < targets.Length; i++)
            if (targets[i] < -1 || targets[i] >= vocabulary)
                throw new NotComputableException(
                    "token-out-of-range", $"Targets must be from 0 to {vocabulary - 1}, the vocabulary being {vocabulary}; the one at index {first + i} was {targets[i]}.");
    }

    private async Task ReadOwn(Memory<int> targets, CancellationToken cancellation)
    {
        var bytes = new byte[targets.Length * sizeof(int)];
        await own!.ReadExactlyAsync(bytes, cancellation);
        MemoryMarshal.Cast<byte, int>(bytes).CopyTo(targets.Span);
    }

    private static void Copy(IReadOnlyList<int> list, long first, Span<int> targets)
    {
        for (var i = 0; i < targets.Length; i++) targets[i] = list[(int)(first + i)];
    }

    private static void Compare(IReadOnlyList<int> list, long first, ReadOnlySpan<int> targets)
    {
        for (var i = 0; i < targets.Length; i++)
            if (targets[i] != list[(int)(first + i)])
                throw Refusal.Conflict(
                    "token-mismatch",
                    $"The two sides are of different texts: the first token that differs is the target at index {first + i}, {targets[i]} on one side and {list[(int)(first + i)]} on the other.");
    }
}
