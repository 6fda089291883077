using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Estimation.Counts.Corrections;

/// <summary>The entropy of (n + a)/(N + K a), the posterior mean of the probabilities under a Dirichlet prior. Give the number <c>a</c>, or a prior by its name.</summary>
public sealed record DirichletCorrection : CountCorrection
{
    /// <summary>What is added to each count; without it the prior says.</summary>
    [Range(0.0, 1e15, MinimumIsExclusive = true)]
    public double? A { get; init; }

    /// <summary>The prior: laplace 1, jeffreys 1/2, perks 1/K, minimax sqrt(N)/K. Jeffreys' if neither is given.</summary>
    public DirichletPrior? Prior { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (A is not null && Prior is not null) problems.Add("prior", "must not be given together with a");
    }

    /// <inheritdoc/>
    public override CorrectionDescription Describe() => new(
        "-sum s ln s, s = (n + a)/(N + K a)", "Needs to be told K. A plug-in of the posterior mean, not the posterior mean of the entropy.",
        "T. Schuermann, P. Grassberger, Chaos 6 (1996); W. Perks, Journal of the Institute of Actuaries 73 (1947); S. Trybula, Annals of Mathematical Statistics 29 (1958)");

    internal override double Entropy(CountTable counts, CancellationToken cancellation)
    {
        var added = Added(counts);
        var whole = counts.Total + counts.Categories * added;
        var sum = new CompensatedSum();
        for (var i = 0; i < counts.Sizes.Length; i++)
        {
            var rest = counts.Total - counts.Sizes[i] + (counts.Categories - 1) * added;
            Add(ref sum, counts.Times[i], counts.Sizes[i] + added, whole, rest);
        }

        Add(ref sum, counts.Categories - counts.Observed, added, whole, counts.Total + (counts.Categories - 1) * added);
        return sum.Value;
    }

    internal override double? Divergence(CountPair pair) => pair.Smoothed(Added(pair.P), pair.Q is { } q ? Added(q) : 0);

    /// <summary>What is added to each count of such a table.</summary>
    internal double Added(CountTable counts) => A ?? Prior switch
    {
        DirichletPrior.Laplace => 1,
        DirichletPrior.Perks => 1 / counts.Categories,
        DirichletPrior.Minimax => Math.Sqrt(counts.Total) / counts.Categories,
        _ => 0.5,
    };

    private static void Add(ref CompensatedSum sum, double times, double part, double whole, double rest)
    {
        if (times > 0) sum.Add(times * (part / whole) * CountTerms.LogQuotient(part, whole, rest));
    }
}

/// <summary>Priors of the probabilities that have names.</summary>
public enum DirichletPrior
{
    /// <summary>a = 1, the uniform prior.</summary>
    Laplace,

    /// <summary>a = 1/2.</summary>
    Jeffreys,

    /// <summary>a = 1/K.</summary>
    Perks,

    /// <summary>a = sqrt(N)/K.</summary>
    Minimax,
}
