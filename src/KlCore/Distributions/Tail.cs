namespace KlCore.Distributions;

/// <summary>
/// How -ln p grows towards an end of the support, in t, which goes to infinity there: |x| at an infinite end, 1/|x - end| at a finite one.
/// Whether an expectation of one distribution's -ln q under another exists follows from it. Of discrete distributions only infinite ends count.
/// </summary>
/// <param name="Kind">The law of growth.</param>
/// <param name="Degree">The exponent in it.</param>
/// <param name="Rate">The factor before it.</param>
internal readonly record struct Tail(TailKind Kind, double Degree, double Rate)
{
    /// <summary>The density goes like t^-degree in x: an integral of x^k p over an infinite end exists for k &lt; degree - 1. At a finite end of x a density like |x - end|^r has degree r, which may be negative (a pole) or 0 (a jump).</summary>
    public static Tail Power(double degree) => new(TailKind.Power, degree, 0);

    /// <summary>-ln p ~ rate (ln t)^2, as of the log-normal.</summary>
    public static Tail LogSquare(double rate) => new(TailKind.LogSquare, 2, rate);

    /// <summary>-ln p ~ rate t^degree, as of the normal (2) and the exponential (1).</summary>
    public static Tail Stretched(double degree, double rate) => new(TailKind.Stretched, degree, rate);

    /// <summary>-ln p grows like e^(rate t), as of Gumbel's lower tail.</summary>
    public static Tail Exponential(double rate) => new(TailKind.Exponential, 1, rate);
}

/// <summary>Laws of growth, each slower than the next.</summary>
internal enum TailKind
{
    /// <summary>degree ln t.</summary>
    Power,

    /// <summary>rate (ln t)^2.</summary>
    LogSquare,

    /// <summary>rate t^degree.</summary>
    Stretched,

    /// <summary>e^(rate t).</summary>
    Exponential,
}
