namespace KlCore;

/// <summary>The unit of information that a log-like value is answered in.</summary>
public enum Unit
{
    /// <summary>Natural logarithms.</summary>
    Nats,

    /// <summary>Logarithms to base 2: nats divided by ln 2.</summary>
    Bits,
}

/// <summary>Conversion from nats, in which everything is computed.</summary>
public static class Units
{
    /// <summary>ln 2, the number of nats in a bit.</summary>
    public const double Ln2 = 0.693147180559945309417232121458;

    /// <summary>A value in nats, said in this unit.</summary>
    public static double FromNats(this Unit unit, double nats) => unit == Unit.Bits ? nats / Ln2 : nats;
}
