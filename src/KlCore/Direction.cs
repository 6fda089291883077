namespace KlCore;

/// <summary>Which of the two distributions an expectation is taken under.</summary>
public enum Direction
{
    /// <summary>From the reference p to the model q: KL(p || q).</summary>
    Forward,

    /// <summary>From the model q to the reference p: KL(q || p).</summary>
    Reverse,
}
