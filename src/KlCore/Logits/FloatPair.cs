using System.Runtime.CompilerServices;
using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Logits;

/// <summary>Two rows that are read as vectors of floats: whole vectors in place, and what is left from copies that are filled up with -Infinity.</summary>
internal readonly ref struct FloatPair<T, TP, TQ>
    where T : struct, IFloatLanes<T>
    where TP : struct, ILoader
    where TQ : struct, ILoader
{
    private readonly ReadOnlySpan<byte> _p;
    private readonly ReadOnlySpan<byte> _q;
    private readonly ReadOnlySpan<byte> _tailOfP;
    private readonly ReadOnlySpan<byte> _tailOfQ;

    /// <summary>The first logits of both rows.</summary>
    /// <param name="p">The row of p.</param>
    /// <param name="q">The row of q.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="room">Two times <see cref="Tail.Size"/> bytes for the copies.</param>
    public FloatPair(LogitRow p, LogitRow q, int count, Span<byte> room)
    {
        (StoredP, StoredQ) = (p.Stored, q.Stored);
        _p = p.Bytes;
        _q = q.Bytes;
        Count = count;
        Whole = count - count % T.Count;
        if (Whole == count) return;
        var (sizeOfP, sizeOfQ) = (TP.Element.Size(), TQ.Element.Size());
        Tail.Fill(_p[(Whole * sizeOfP)..(count * sizeOfP)], TP.Element, room[..Tail.Size]);
        Tail.Fill(_q[(Whole * sizeOfQ)..(count * sizeOfQ)], TQ.Element, room[Tail.Size..]);
        _tailOfP = room[..Tail.Size];
        _tailOfQ = room[Tail.Size..];
    }

    /// <summary>How many logits there are.</summary>
    public int Count { get; }

    /// <summary>How many of them are in whole vectors.</summary>
    public int Whole { get; }

    /// <summary>What the logits of p were rounded to.</summary>
    public ElementType StoredP { get; }

    /// <summary>What the logits of q were rounded to.</summary>
    public ElementType StoredQ { get; }

    /// <summary>The row of p.</summary>
    public ref readonly byte P => ref _p[0];

    /// <summary>The row of q.</summary>
    public ref readonly byte Q => ref _q[0];

    /// <summary>What is left of p, filled up to a vector.</summary>
    public ref readonly byte TailOfP => ref _tailOfP[0];

    /// <summary>What is left of q, filled up to a vector.</summary>
    public ref readonly byte TailOfQ => ref _tailOfQ[0];

    /// <summary>One logit of p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float LogitOfP(int token) => TP.Load<FloatLanes32>(in _p[0], (nuint)token).Largest();

    /// <summary>One logit of q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float LogitOfQ(int token) => TQ.Load<FloatLanes32>(in _q[0], (nuint)token).Largest();

    /// <summary>The largest logits of a part.</summary>
    public (float P, float Q) Largest(int start, int end)
    {
        var (largestP, largestQ) = (float.NegativeInfinity, float.NegativeInfinity);
        if (end > Whole)
        {
            largestP = FirstBlock.Largest<T, TP>(in TailOfP, 0, (nuint)T.Count);
            largestQ = FirstBlock.Largest<T, TQ>(in TailOfQ, 0, (nuint)T.Count);
            end = Whole;
        }

        if (start >= end) return (largestP, largestQ);
        largestP = Math.Max(largestP, FirstBlock.Largest<T, TP>(in P, (nuint)start, (nuint)(end - start)));
        largestQ = Math.Max(largestQ, FirstBlock.Largest<T, TQ>(in Q, (nuint)start, (nuint)(end - start)));
        return (largestP, largestQ);
    }
}
