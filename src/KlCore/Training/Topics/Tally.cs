namespace KlCore.Training.Topics;

/// <summary>What documents add up to: their part of the bound and how inference went. All sums are over documents in their order.</summary>
internal sealed class Tally
{
    private readonly double[] _sums = new double[5];

    /// <summary>The sum over documents and words of count ln(sum over k of exp(E[ln theta_k] + E[ln beta_kw])).</summary>
    public double Likelihood => _sums[0];

    /// <summary>The sum over documents of KL(q(theta) || prior).</summary>
    public double Divergence => _sums[1];

    /// <summary>How many documents.</summary>
    public double Documents => _sums[2];

    /// <summary>How many of them reached the threshold.</summary>
    public double Converged => _sums[3];

    /// <summary>How many iterations they took.</summary>
    public double Iterations => _sums[4];

    /// <summary>The documents' part of the bound.</summary>
    public double Bound => Likelihood - Divergence;

    /// <summary>The sums themselves, for a checkpoint.</summary>
    public double[] Sums => _sums;

    /// <summary>Adds a document's part of the bound.</summary>
    public void AddBound(double likelihood, double divergence)
    {
        _sums[0] += likelihood;
        _sums[1] += divergence;
    }

    /// <summary>Adds a document that is done.</summary>
    public void AddDocument(bool converged)
    {
        _sums[2]++;
        if (converged) _sums[3]++;
    }

    /// <summary>Adds iterations.</summary>
    public void AddIterations(int count) => _sums[4] += count;

    /// <summary>Begins anew.</summary>
    public void Clear() => Array.Clear(_sums);
}
