namespace KlCore.Logits;

/// <summary>Compares rows of logits, position by position.</summary>
public static class RowComparison
{
    /// <summary>
    /// Compares the rows of p with those of q, row i with row i, into one position each. Where the vocabularies differ, the tokens that both
    /// have are compared, renormalised. The results do not depend on the number of threads, to the last bit.
    /// </summary>
    /// <remarks>
    /// Values are good to about 1e-12 of themselves for up to 128 tokens and for doubles, and to 1e-6 else. Rows of 4096 doubles or more that are
    /// all floats, as after a change of type, count as floats, but for their noise floor.
    /// </remarks>
    /// <param name="p">The rows of the reference.</param>
    /// <param name="q">As many rows of the candidate.</param>
    /// <param name="targets">The token that follows each row, -1 where there is none; or nothing at all. A token that not both sides have counts as none.</param>
    /// <param name="options">What is computed.</param>
    /// <param name="positions">Where to: one for each row.</param>
    /// <param name="cancellation">Stops it between rows.</param>
    public static void Compare(
        LogitRows p, LogitRows q, ReadOnlyMemory<int> targets, RowOptions options, Memory<Position> positions, CancellationToken cancellation)
    {
        var count = p.Count;
        if (q.Count != count) throw new ArgumentException($"must have as many rows as p ({count}), had {q.Count}", nameof(q));
        if (positions.Length < count) throw new ArgumentException($"must have room for {count} positions, had {positions.Length}", nameof(positions));
        if (targets.Length != 0 && targets.Length != count) throw new ArgumentException($"must be empty or one per row ({count}), were {targets.Length}", nameof(targets));
        var threads = Math.Clamp(options.Threads, 1, Math.Max(1, count));
        if (threads == 1)
        {
            Compare(p, q, targets, options, positions, 0, count, cancellation);
            return;
        }

        // Rows cost the same within a factor of three or so: a few slices for each thread even that out.
        var slices = Math.Min(count, threads * 4);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, slices, limits, slice =>
        {
            var (from, to) = ((int)((long)count * slice / slices), (int)((long)count * (slice + 1) / slices));
            Compare(p, q, targets, options, positions, from, to, cancellation);
        });
    }

    private static void Compare(
        LogitRows p, LogitRows q, ReadOnlyMemory<int> targets, RowOptions options, Memory<Position> positions, int from, int to, CancellationToken cancellation)
    {
        using var scratch = new RowScratch(options);
        var common = Math.Min(p.Vocabulary, q.Vocabulary);
        for (var i = from; i < to; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ref var position = ref positions.Span[i];
            position = new Position { Target = targets.IsEmpty || targets.Span[i] < 0 || targets.Span[i] >= common ? -1 : targets.Span[i] };
            var rowP = new LogitRow(p.Row(i), p.Element, p.Vocabulary);
            var rowQ = new LogitRow(q.Row(i), q.Element, q.Vocabulary);
            if (!FastRow.TryCompare(rowP, rowQ, options, scratch, ref position)) CarefulRow.Compare(rowP, rowQ, options, scratch, ref position);
            if ((position.Facts & (PositionFacts.InvalidP | PositionFacts.InvalidQ)) != 0) continue;
            if (options.LlamaCpp)
                LlamaCppRow.Compare(scratch.SinglesOfP(rowP.First(common)), scratch.SinglesOfQ(rowQ.First(common)), position.Target, options, ref position);
            else if (options.IsStoredByLlamaCpp)
                LlamaCppRow.FindSaturation(scratch.SinglesOfP(rowP), ref position);
        }
    }
}
