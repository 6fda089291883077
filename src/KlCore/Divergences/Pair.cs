using KlCore.Numerics;

namespace KlCore.Divergences;

/// <summary>
/// Two distributions over the same categories, ready to be measured: p is the reference, q the model. Differences q - p are taken to
/// 32 digits before anything is rounded, so that a divergence of 1e-31 is as accurate as one of 1.
/// </summary>
public sealed class Pair
{
    private readonly double[] _p;
    private readonly double[] _q;
    private readonly double[] _difference;
    private readonly Extremes? _extremes;
    private Positions? _positions;
    private Sweep? _sweep;

    /// <summary>Pairs two distributions that were read in the same way and have equally many categories.</summary>
    public Pair(MassFunction p, MassFunction q)
    {
        if (p.Count != q.Count) throw new InvalidInputException("q", $"must have {p.Count} elements like p, had {q.Count}");
        (First, Second, Count) = (p, q, p.Count);
        (_p, _q, _difference) = (new double[Count], new double[Count], new double[Count]);
        _extremes = p.Scores is not null && q.Scores is not null
            ? ScoreDifferences.Fill(p, q, _p, _q, _difference)
            : WeightDifferences.Fill(p, q, _p, _q, _difference);
        if (p.IsNormalised) return;
        ExcessOfP = (p.Total - DoubleDouble.One).Value;
        ExcessOfQ = (q.Total - DoubleDouble.One).Value;
        Growth = (q.Total - p.Total).Value;
    }

    /// <summary>How many categories there are.</summary>
    public int Count { get; }

    /// <summary>The reference.</summary>
    public MassFunction First { get; }

    /// <summary>The model.</summary>
    public MassFunction Second { get; }

    /// <summary>The probabilities of the reference, rounded.</summary>
    public ReadOnlySpan<double> P => _p;

    /// <summary>The probabilities of the model, rounded.</summary>
    public ReadOnlySpan<double> Q => _q;

    /// <summary>q - p of each category, with its own full precision.</summary>
    public ReadOnlySpan<double> Difference => _difference;

    /// <summary>Where the categories lie.</summary>
    public Positions Positions => _positions ??= First.How.Positions ?? Positions.Ranks(Count);

    /// <summary>The sum of p less 1: 0 but for clipped probabilities, which are not normalised again.</summary>
    internal double ExcessOfP { get; }

    /// <summary>The sum of q less 1.</summary>
    internal double ExcessOfQ { get; }

    /// <summary>The sum of q less the sum of p.</summary>
    internal double Growth { get; }

    /// <summary>The sums that most measures share.</summary>
    internal Sweep Sweep => _sweep ??= Sweep.Of(this);

    /// <summary>Whether some category has a probability too small for a double.</summary>
    internal bool HasExtremes => _extremes is not null;

    /// <summary>Reads and pairs two distributions.</summary>
    /// <exception cref="InvalidInputException">Names every failure under <c>/p</c> and <c>/q</c>.</exception>
    public static Pair From(double[] p, double[] q, Interpretation? how = null)
    {
        how ??= new Interpretation();
        var problems = new Problems();
        how.Check(problems);
        problems.ThrowIfAny();
        var pair = TryFrom(p, q, how, problems);
        problems.ThrowIfAny();
        return pair!;
    }

    /// <summary>Reads and pairs two distributions, or adds why they are none to <paramref name="problems"/> and returns null.</summary>
    /// <param name="p">The reference.</param>
    /// <param name="q">The model.</param>
    /// <param name="how">What the numbers are. It must have passed its own check.</param>
    /// <param name="problems">Where failures go, seen from the object that has the members p, q and positions.</param>
    public static Pair? TryFrom(double[] p, double[] q, Interpretation how, Problems problems)
    {
        var first = MassFunction.TryReadRaw(p, how, problems.At("p"));
        var second = MassFunction.TryReadRaw(q, how, problems.At("q"));
        if (p.Length != q.Length) problems.Add("q", $"must have {p.Length} elements like p, had {q.Length}");
        var before = problems.Total;
        how.Positions?.Check(p.Length, problems.At("positions"));
        return first is null || second is null || p.Length != q.Length || problems.Total > before
            ? null
            : new(first.Smoothed(), second.Smoothed());
    }

    /// <summary>The pair itself, or for clipped probabilities the same divided by their sums.</summary>
    internal Pair Renormalised() => First.IsNormalised ? this : new(First.Normalised(), Second.Normalised());

    /// <summary>One category.</summary>
    internal Cell this[int index] => _extremes is null
        ? new(_p[index], _q[index], _difference[index])
        : new(_p[index], _q[index], _difference[index], _extremes.LogP[index], _extremes.LogQ[index]);
}

/// <summary>Logarithms of the probabilities that doubles cannot hold; NaN for all other categories.</summary>
internal sealed class Extremes
{
    private Extremes(int count)
    {
        (LogP, LogQ) = (new double[count], new double[count]);
        Array.Fill(LogP, double.NaN);
        Array.Fill(LogQ, double.NaN);
    }

    /// <summary>ln p.</summary>
    public double[] LogP { get; }

    /// <summary>ln q.</summary>
    public double[] LogQ { get; }

    /// <summary>Notes category <paramref name="index"/> if one of its probabilities is positive but tiny.</summary>
    public static void Note(ref Extremes? extremes, MassFunction p, MassFunction q, int index)
    {
        if (!IsTiny(p, index) && !IsTiny(q, index)) return;
        extremes ??= new(p.Count);
        extremes.LogP[index] = p.IsPossible(index) ? p.LogMass(index) : double.NegativeInfinity;
        extremes.LogQ[index] = q.IsPossible(index) ? q.LogMass(index) : double.NegativeInfinity;
    }

    private static bool IsTiny(MassFunction side, int index) => side.Mass(index) < Cell.Tiny && side.IsPossible(index);
}
