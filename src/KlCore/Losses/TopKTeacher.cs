using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>
/// A teacher of which only some tokens of each position were kept. Given their logits, the others are impossible and p is renormalised over those kept.
/// Given their log-probabilities, what these leave of 1 is spread evenly over the others; the loss <c>top-k</c> with a bucket and k of the tokens kept does not
/// depend on how it is spread.
/// </summary>
public sealed record TopKTeacher
{
    /// <summary>How much more than 1 the kept probabilities may sum to, by rounding of what was stored.</summary>
    private const double Excess = 1e-3;

    /// <summary>The tokens that were kept, a row for each position, sequences one after the other.</summary>
    public required int[][] Indices { get; init; }

    /// <summary>Their logits, in the same shape.</summary>
    public double[][]? Logits { get; init; }

    /// <summary>Their log-probabilities instead.</summary>
    public double[][]? LogProbabilities { get; init; }

    /// <summary>What a reader of any loss on such a teacher should know.</summary>
    public string Caution() => Logits is not null
        ? "of the teacher only some tokens are known: all others are taken as impossible"
        : "of the teacher only some tokens are known: the rest of its mass is taken as spread evenly over the others; only top-k with a bucket does not depend on that";

    /// <summary>Adds everything that keeps it from being the teacher of a student with such rows.</summary>
    /// <param name="rows">How many positions the student has.</param>
    /// <param name="vocabulary">How many tokens a row has.</param>
    /// <param name="problems">Where failures go, seen from this object.</param>
    public void Check(int rows, int vocabulary, Problems problems)
    {
        var before = problems.Total;
        if (Logits is null == LogProbabilities is null) problems.Add("logits", Logits is null ? "is required, unless logProbabilities are given instead" : "must not be given beside logProbabilities");
        if (Indices.Length != rows) problems.Add("indices", $"must have a row for each of the student's {rows} positions, had {Indices.Length}");
        var (name, values) = Logits is null ? ("logProbabilities", LogProbabilities) : ("logits", Logits);
        if (values is not null && values.Length != Indices.Length) problems.Add(name, $"must have {Indices.Length} rows like indices, had {values.Length}");
        if (problems.Total > before || values is null) return;
        for (var i = 0; i < rows; i++)
        {
            if (values[i].Length != Indices[i].Length) problems.At(name).At(i).Add($"must have {Indices[i].Length} elements like its indices, had {values[i].Length}");
            CheckIndices(Indices[i], vocabulary, problems.At("indices").At(i));
            if (Logits is null) CheckLogProbabilities(values[i], problems.At(name).At(i));
            else CheckLogits(values[i], problems.At(name).At(i));
        }
    }

    /// <summary>Rows over the whole vocabulary; the object must have passed its check.</summary>
    public double[][] Expand(int vocabulary)
    {
        var rows = new double[Indices.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            var values = (Logits ?? LogProbabilities!)[i];
            rows[i] = new double[vocabulary];
            Array.Fill(rows[i], Logits is null ? LogOfEachOther(values, vocabulary) : double.NegativeInfinity);
            for (var j = 0; j < values.Length; j++) rows[i][Indices[i][j]] = values[j];
        }

        return rows;
    }

    private static double LogOfEachOther(double[] logProbabilities, int vocabulary)
    {
        var others = vocabulary - logProbabilities.Length;
        var rest = 1 - Mass(logProbabilities);
        return others == 0 || rest <= 0 ? double.NegativeInfinity : Math.Log(rest / others);
    }

    private static double Mass(double[] logProbabilities)
    {
        var sum = new CompensatedSum();
        foreach (var value in logProbabilities) sum.Add(Math.Exp(value));
        return sum.Value;
    }

    private static void CheckIndices(int[] indices, int vocabulary, Problems problems)
    {
        if (indices.Length == 0) problems.Add("must have at least 1 token, had none");
        var seen = new HashSet<int>();
        for (var j = 0; j < indices.Length; j++)
        {
            if (indices[j] < 0 || indices[j] >= vocabulary) problems.At(j).Add($"must be a token from 0 to {vocabulary - 1}, was {indices[j]}");
            else if (!seen.Add(indices[j])) problems.At(j).Add($"must be given once, but token {indices[j]} occurs more than once");
        }
    }

    private static void CheckLogits(double[] values, Problems problems)
    {
        for (var j = 0; j < values.Length; j++)
            if (!double.IsFinite(values[j]) && !double.IsNegativeInfinity(values[j])) problems.At(j).Add($"must be finite or -Infinity, was {values[j]:R}");
        if (values.Length > 0 && Array.TrueForAll(values, double.IsNegativeInfinity)) problems.Add("must have at least one finite number");
    }

    private static void CheckLogProbabilities(double[] values, Problems problems)
    {
        for (var j = 0; j < values.Length; j++)
            if (values[j] > 0) problems.At(j).Add($"must be at most 0, was {values[j]:R}");
        if (Mass(values) is var mass && mass > 1 + Excess) problems.Add($"must be logarithms of probabilities that sum to at most 1, summed to {mass:R}");
    }
}
