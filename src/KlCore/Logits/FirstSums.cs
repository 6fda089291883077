namespace KlCore.Logits;

/// <summary>
/// What the exponentials and differences of a row are relative to: with logits divided by the temperature u = e^(x - MaxP) stands for p and
/// v = u e^-d, d = (x - y) - Shift - Rest, for q. The maxima are logits as they are stored, the shift is divided. Any numbers will do that keep u and v from overflowing and their sums near each other.
/// </summary>
internal readonly record struct Reference(float MaxP, float Shift, float Rest, Scale Scale)
{
    /// <summary>What q's exponentials are relative to, and what of it a float has no room for.</summary>
    public float MaxQ => (float)WholeMaxQ;

    /// <summary>The rest of <see cref="MaxQ"/>.</summary>
    public float RestQ => (float)(WholeMaxQ - MaxQ);

    private double WholeMaxQ => MaxP - WholeShift / Scale.Whole;

    /// <summary>Both parts of the shift.</summary>
    public double WholeShift => (double)Shift + Rest;

    /// <summary>The same with a shift to the digits of two floats.</summary>
    public Reference Shifted(double shift) => this with { Shift = (float)shift, Rest = (float)(shift - (float)shift) };
}

/// <summary>Sums over a row or a part of it, in the letters of <see cref="Reference"/>.</summary>
internal struct FirstSums
{
    /// <summary>u.</summary>
    public double P;

    /// <summary>v - u.</summary>
    public double Difference;

    /// <summary>u (d - 1 + e^-d) = u d - u + v, never negative.</summary>
    public double Forward;

    /// <summary>v (-d - 1 + e^d) = u - v - v d, never negative.</summary>
    public double Reverse;

    /// <summary>The largest logit of p.</summary>
    public float LargestP;

    /// <summary>The largest logit of q.</summary>
    public float LargestQ;

    /// <summary>The largest |d|; +Infinity where a logit is -Infinity.</summary>
    public float Farthest;

    /// <summary>Whether a token of p alone was met: q's logit is -Infinity there. Only the wide variant looks.</summary>
    public bool IsOnlyInP;

    /// <summary>The same for q.</summary>
    public bool IsOnlyInQ;

    /// <summary>Whether nothing overflowed and no NaN was met.</summary>
    public readonly bool IsFinite => double.IsFinite(P + Difference + Forward + Reverse);

    /// <summary>Nothing summed yet.</summary>
    public static FirstSums Empty => new() { LargestP = float.NegativeInfinity, LargestQ = float.NegativeInfinity };

    /// <summary>Adds a part.</summary>
    public void Add(in FirstSums part)
    {
        P += part.P;
        Difference += part.Difference;
        Forward += part.Forward;
        Reverse += part.Reverse;
        LargestP = Math.Max(LargestP, part.LargestP);
        LargestQ = Math.Max(LargestQ, part.LargestQ);
        IsOnlyInP |= part.IsOnlyInP;
        IsOnlyInQ |= part.IsOnlyInQ;
    }
}
