namespace KlCore.Distributions.Integration;

/// <summary>Two distributions of one number, both of reals or both of integers, and what integrals over both need to know of them.</summary>
internal sealed class LinePair
{
    // Where stretches of the line begin and end at first: from the far tails to the middle.
    private static readonly double[] Levels = [1e-300, 1e-100, 1e-30, 1e-15, 1e-8, 1e-4, 1e-2, 0.1, 0.25, 0.5];

    private readonly Lazy<double[]> _marks;

    public LinePair(Univariate p, Univariate q)
    {
        (P, Q) = (p, q);
        var (a, b) = (p.Support(), q.Support());
        (Lower, Upper) = (Math.Max(a.Lower, b.Lower), Math.Min(a.Upper, b.Upper));
        IsDiscrete = p is Discrete;
        AreDisjoint = IsDiscrete ? Lower > Upper : Lower >= Upper;
        (OutsideQ, OutsideP) = (Outside(p), Outside(q));
        _marks = new Lazy<double[]>(() => [.. MarksOf(P), .. MarksOf(Q)]);
    }

    public Univariate P { get; }

    public Univariate Q { get; }

    /// <summary>Whether they are distributions of integers.</summary>
    public bool IsDiscrete { get; }

    /// <summary>The lower end of what both may give.</summary>
    public double Lower { get; }

    /// <summary>Its upper end.</summary>
    public double Upper { get; }

    /// <summary>Whether there is nothing that both may give.</summary>
    public bool AreDisjoint { get; }

    /// <summary>The probability under p of what q cannot give.</summary>
    public double OutsideQ { get; }

    /// <summary>The probability under q of what p cannot give.</summary>
    public double OutsideP { get; }

    /// <summary>Whether p can give what is below or above all that q can.</summary>
    public bool ExceedsQ => AreDisjoint || P.Support().Lower < Lower || P.Support().Upper > Upper;

    /// <summary>Whether q can give what is below or above all that p can.</summary>
    public bool ExceedsP => AreDisjoint || Q.Support().Lower < Lower || Q.Support().Upper > Upper;

    /// <summary>The same with p and q exchanged.</summary>
    public LinePair Reversed => new(Q, P);

    /// <summary>A ruler over what both may give.</summary>
    /// <param name="extra">Places that deserve a look besides those that p and q ask for.</param>
    /// <param name="isEverywhere">Whether also places count where both have underflowed.</param>
    public Ruler Ruler(IReadOnlyList<double> extra, bool isEverywhere = false) => RulerOver(Lower, Upper, extra, isEverywhere);

    /// <summary>A ruler over what either may give.</summary>
    public Ruler RulerOverBoth()
    {
        var (a, b) = (P.Support(), Q.Support());
        double[] ends = [a.Lower, a.Upper, b.Lower, b.Upper];
        return RulerOver(ends.Min(), ends.Max(), [.. ends.Where(double.IsFinite)], isEverywhere: false);
    }

    private Ruler RulerOver(double lower, double upper, IReadOnlyList<double> extra, bool isEverywhere)
    {
        if (IsDiscrete)
        {
            var around = extra.SelectMany(place => Enumerable.Range(0, 30).SelectMany(i => new[] { place - Math.ScaleB(16, i), place + Math.ScaleB(16, i) })).Select(static place => Math.Round(place));
            return new LatticeRuler(lower, upper, [.. _marks.Value, .. extra, .. around], (x, sign) => !isEverywhere && (sign > 0 ? P.Survival(x) + Q.Survival(x) : P.Cumulative(x) + Q.Cumulative(x)) == 0);
        }

        double[] landmarks = [.. new[] { lower, upper }.Concat(P.Landmarks()).Concat(Q.Landmarks()).Concat(P.Kinks()).Concat(Q.Kinks()).Concat(extra).Where(x => double.IsFinite(x) && x >= lower && x <= upper).Select(x => x + 0.0).Distinct().Order()];
        // Where neither centre is inside both supports.
        if (landmarks.Length == 0) landmarks = [0];
        return new LineRuler(lower, upper, landmarks, _marks.Value);
    }

    private double Outside(Univariate distribution)
    {
        if (AreDisjoint) return 1;
        var support = distribution.Support();
        var below = support.Lower < Lower ? distribution.Cumulative(IsDiscrete ? Lower - 1 : Lower) : 0;
        return below + (support.Upper > Upper ? distribution.Survival(Upper) : 0);
    }

    private static IEnumerable<double> MarksOf(Univariate distribution) => distribution.Marks().Concat(Levels.Select(distribution.Quantile)).Concat(Levels.Select(distribution.UpperQuantile)).Where(double.IsFinite);
}
