using System.Runtime.CompilerServices;

namespace KlCore.Logits;

/// <summary>
/// The largest logits of a row that is offered in order: a heap with the least of them at its root. Of equal logits the first counts as
/// larger. Logits must not be NaN.
/// </summary>
internal sealed class TopList(int capacity)
{
    private readonly double[] _values = new double[capacity];
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _places = new int[capacity];
    private int _count;

    /// <summary>The tokens, largest logit first, once <see cref="Sort"/> was called.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>What a logit must exceed to enter once the list is full.</summary>
    public double Least => _count == 0 ? double.PositiveInfinity : _values[0];

    /// <summary>How many tokens it holds at most.</summary>
    public int Capacity => _values.Length;

    /// <summary>Forgets everything.</summary>
    public void Clear() => _count = 0;

    /// <summary>Takes a logit in if it is one of the largest so far; tokens come in ascending order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Offer(double value, int token)
    {
        if (_count < _values.Length)
        {
            var hole = _count++;
            while (hole > 0 && IsLess(value, token, _values[(hole - 1) / 2], _tokens[(hole - 1) / 2]))
            {
                Move((hole - 1) / 2, hole);
                hole = (hole - 1) / 2;
            }

            (_values[hole], _tokens[hole]) = (value, token);
        }
        else if (_count > 0 && value > _values[0]) Sink(value, token, _count);
    }

    /// <summary>Puts the largest first. Nothing may be offered afterwards before <see cref="Clear"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sort()
    {
        for (var rest = _count - 1; rest > 0; rest--)
        {
            var (value, token) = (_values[rest], _tokens[rest]);
            Move(0, rest);
            Sink(value, token, rest);
        }
    }

    /// <summary>How many of the first k tokens are among the other's first k, and how many agree in order from the top.</summary>
    /// <param name="other">Another list, also sorted.</param>
    /// <param name="sizes">The sizes k.</param>
    /// <param name="overlap">What the lists have in common.</param>
    /// <param name="ordered">How many are the same from the top until the first difference.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compare(TopList other, IReadOnlyList<int> sizes, ref TopKCounts overlap, ref TopKCounts ordered)
    {
        var prefix = Tokens.CommonPrefixLength(other.Tokens);
        for (var i = 0; i < _count; i++)
        {
            var place = i < prefix ? i : other.Tokens.IndexOf(_tokens[i]);
            _places[i] = place < 0 ? int.MaxValue : Math.Max(i, place);
        }

        for (var k = 0; k < sizes.Count && k < Position.TopKLimit; k++)
        {
            var common = 0;
            for (var i = 0; i < Math.Min(sizes[k], _count); i++)
                if (_places[i] < sizes[k]) common++;
            (overlap[k], ordered[k]) = (common, Math.Min(prefix, sizes[k]));
        }
    }

    private static bool IsLess(double value, int token, double other, int otherToken) => value < other || (value == other && token > otherToken);

    private void Move(int from, int to) => (_values[to], _tokens[to]) = (_values[from], _tokens[from]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sink(double value, int token, int count)
    {
        var hole = 0;
        while (2 * hole + 1 < count)
        {
            var child = 2 * hole + 1;
            if (child + 1 < count && IsLess(_values[child + 1], _tokens[child + 1], _values[child], _tokens[child])) child++;
            if (!IsLess(_values[child], _tokens[child], value, token)) break;
            Move(child, hole);
            hole = child;
        }

        (_values[hole], _tokens[hole]) = (value, token);
    }
}
