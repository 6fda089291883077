using KlCore.Numerics;

namespace KlCore.Estimation.Counts;

/// <summary>
/// Counts n (sum N) of p, and of q either counts m (sum M) over the same categories or its probabilities. Differences of relative frequencies are
/// taken exactly, so that two nearly equal ones have the divergence that they have.
/// </summary>
public sealed class CountPair
{
    private readonly double[] _n;
    private readonly double[] _m;
    private double? _plugIn, _delta;

    private CountPair(CountTable p, CountTable? q, double[] m, double total) => (P, Q, _n, _m, TotalOfQ) = (p, q, p.Counts, m, total);

    /// <summary>The counts of p.</summary>
    public CountTable P { get; }

    /// <summary>The counts of q; null where its probabilities are known.</summary>
    public CountTable? Q { get; }

    /// <summary>M, or the sum of the known probabilities.</summary>
    internal double TotalOfQ { get; }

    /// <summary>How many categories are listed.</summary>
    internal int Count => _n.Length;

    /// <summary>Two samples over the same categories.</summary>
    public static CountPair Of(CountTable p, CountTable q)
    {
        if (p.Counts.Length != q.Counts.Length) throw new InvalidInputException("q", $"must have {p.Counts.Length} counts like p, had {q.Counts.Length}");
        return new CountPair(p, q, q.Counts, q.Total);
    }

    /// <summary>A sample of p and a known q, divided by its sum.</summary>
    public static CountPair Of(CountTable p, double[] probabilities)
    {
        if (p.Counts.Length != probabilities.Length) throw new InvalidInputException("probabilities", $"must have {p.Counts.Length} elements like p, had {probabilities.Length}");
        var sum = new CompensatedSum();
        foreach (var probability in probabilities) sum.Add(probability);
        return new CountPair(p, null, probabilities, sum.Value);
    }

    /// <summary>The same with p and q exchanged; null where q is no sample.</summary>
    public CountPair? Reversed() => Q is null ? null : new CountPair(Q, P, _n, P.Total);

    /// <summary>The counts, or the count and the probability, of one listed category.</summary>
    internal (double N, double M) At(int index) => (_n[index], _m[index]);

    /// <summary>m/M - n/N without cancellation.</summary>
    internal double Difference(double n, double m)
    {
        var left = m * P.Total;
        var error = Math.FusedMultiplyAdd(m, P.Total, -left);
        return (Math.FusedMultiplyAdd(-n, TotalOfQ, left) + error) / (P.Total * TotalOfQ);
    }

    /// <summary>KL of the relative frequencies; infinite where q has not seen what p has.</summary>
    internal double PlugIn() => _plugIn ??= SumOfTerms();

    private double SumOfTerms()
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < _n.Length; i++)
            if (_n[i] > 0 || _m[i] > 0) sum.Add(Elementary.Bregman(_n[i] / P.Total, Difference(_n[i], _m[i]), _m[i] / TotalOfQ));
        return sum.Value;
    }

    /// <summary>The standard error by the delta method, which all corrections share.</summary>
    internal double Delta() => _delta ??= DivergenceError.Delta(this);

    /// <summary>The bias of <see cref="PlugIn"/> to the order 1/N and 1/M: (S - 1)/(2N) + (sum over p &gt; 0 of p/q - p)/(2M).</summary>
    internal double LeadingBias()
    {
        var own = (P.Observed - 1) / (2 * P.Total);
        if (Q is null) return own;
        var sum = new CompensatedSum();
        for (var i = 0; i < _n.Length; i++)
            if (_n[i] > 0) sum.Add(_n[i] / P.Total * ((TotalOfQ - _m[i]) / _m[i]));
        return own + sum.Value / (2 * TotalOfQ);
    }

    /// <summary>Zhang and Grabchak's estimate; with a known q its cross entropy is that of the plug-in.</summary>
    internal double Zhang()
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < _n.Length; i++)
        {
            if (_n[i] == 0) continue;
            var cross = Q is null ? CountTerms.LogQuotient(_m[i], TotalOfQ, TotalOfQ - _m[i]) : CountTerms.HarmonicGap(_m[i] + 1, TotalOfQ + 1);
            sum.Add(_n[i] / P.Total * (cross - CountTerms.HarmonicGap(_n[i], P.Total)));
        }

        return sum.Value;
    }

    /// <summary>KL of both shrunk towards the uniform by these shares; a known q is not.</summary>
    internal double Shrunk(double first, double second) => Changed(
        n => first / P.Categories + (1 - first) * (n / P.Total), m => second / P.Categories + (1 - second) * (m / TotalOfQ));

    /// <summary>KL with so much added to each count; a known q stays as it is.</summary>
    internal double Smoothed(double first, double second)
    {
        var (whole, other) = (P.Total + P.Categories * first, TotalOfQ + (Q is null ? 0 : P.Categories * second));
        return Changed(n => (n + first) / whole, m => (m + (Q is null ? 0 : second)) / other);
    }

    private double Changed(Func<double, double> p, Func<double, double> q)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < _n.Length; i++) Add(p(_n[i]), q(_m[i]), 1);
        Add(p(0), q(0), P.Categories - _n.Length);
        return sum.Value;

        void Add(double own, double other, double times)
        {
            if (times > 0 && (own > 0 || other > 0)) sum.Add(times * Elementary.Bregman(own, other - own, other));
        }
    }
}
