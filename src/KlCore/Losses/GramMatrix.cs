namespace KlCore.Losses;

/// <summary>Inner products of several vectors, added up piece by piece; a piece counts for those pairs of which both have it.</summary>
internal sealed class GramMatrix(int count)
{
    private readonly double[,] _products = new double[count, count];

    // The squared length of the row's vector over the pieces that it shares with the column's.
    private readonly double[,] _squares = new double[count, count];

    /// <summary>Adds one piece of each vector, where it is there.</summary>
    public void Add(double[][] pieces, ReadOnlySpan<bool> present)
    {
        for (var i = 0; i < count; i++)
        {
            if (!present[i]) continue;
            var square = Dot(pieces[i], pieces[i]);
            for (var j = 0; j < count; j++)
            {
                if (!present[j]) continue;
                _squares[i, j] += square;
                if (j >= i) _products[i, j] += i == j ? square : Dot(pieces[i], pieces[j]);
            }
        }
    }

    /// <summary>The cosine between two vectors; null if one of them is 0.</summary>
    public double? Cosine(int a, int b)
    {
        var length = Math.Sqrt(_squares[a, b]) * Math.Sqrt(_squares[b, a]);
        if (length == 0) return null;
        return a == b ? 1 : Math.Clamp(_products[Math.Min(a, b), Math.Max(a, b)] / length, -1, 1);
    }

    /// <summary>Four sums whatever the machine's vectors are, so that each machine comes to the same digits.</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double first = 0, second = 0, third = 0, fourth = 0;
        var i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            first += a[i] * b[i];
            second += a[i + 1] * b[i + 1];
            third += a[i + 2] * b[i + 2];
            fourth += a[i + 3] * b[i + 3];
        }

        for (; i < a.Length; i++) first += a[i] * b[i];
        return first + second + (third + fourth);
    }
}
