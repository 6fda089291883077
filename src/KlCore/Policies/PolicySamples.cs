namespace KlCore.Policies;

/// <summary>The tokens of a batch that count, sequence after sequence, as the logarithms of their ratios.</summary>
internal sealed class PolicySamples
{
    private readonly TokenRows _shape;
    private readonly int[] _places;

    /// <summary>Takes the tokens that count out of a batch that has passed its check.</summary>
    /// <exception cref="NotComputableException">None counts.</exception>
    public PolicySamples(PolicyBatch batch)
    {
        _shape = batch.LogProbabilities;
        var count = batch.LogProbabilities.Rows.Select((row, i) => batch.Mask is { } mask ? mask.Rows[i].Count(value => value == 1) : row.Length).ToArray();
        Tokens = count.Sum();
        if (Tokens == 0) throw new NotComputableException("all-masked", "The mask leaves no token that counts.");
        (Delta, _places) = (new double[Tokens], new int[Tokens]);
        LogWeight = batch.Old is null ? null : new double[Tokens];
        var ends = new List<int>();
        var (next, place) = (0, 0);
        for (var i = 0; i < count.Length; i++)
        {
            for (var j = 0; j < _shape.Rows[i].Length; j++, place++)
                if (batch.Mask is null || batch.Mask.Rows[i][j] == 1) Take(batch, i, j, next++, place);
            if (count[i] > 0) ends.Add(next);
        }

        Ends = [.. ends];
        AllSequences = count.Length;
        Longest = _shape.Rows.Max(row => row.Length);
    }

    /// <summary>How many tokens count.</summary>
    public int Tokens { get; }

    /// <summary>delta = log pi - log ref of each token that counts; +Infinity where ref is 0.</summary>
    public double[] Delta { get; }

    /// <summary>log pi - log pi_old of each token that counts.</summary>
    public double[]? LogWeight { get; }

    /// <summary>Where each sequence that has tokens ends.</summary>
    public int[] Ends { get; }

    /// <summary>Sequences, those without tokens that count included.</summary>
    public int AllSequences { get; }

    /// <summary>Sequences with at least one token that counts.</summary>
    public int Sequences => Ends.Length;

    /// <summary>Tokens of the longest sequence, masked ones included: the width of the mask.</summary>
    public int Longest { get; }

    /// <summary>Tokens whose reference was given as a number that stands for minus infinity.</summary>
    public int Sentinels { get; private set; }

    /// <summary>Tokens to which both sides give the probability 1: more often padding than text.</summary>
    public int Certain { get; private set; }

    /// <summary>The first token of a sequence.</summary>
    public int Start(int sequence) => sequence == 0 ? 0 : Ends[sequence - 1];

    /// <summary>Numbers of the tokens that count, put back in their places; 0 at the others.</summary>
    public TokenRows InPlace(double[] values)
    {
        var flat = new double[_shape.Count()];
        for (var i = 0; i < values.Length; i++) flat[_places[i]] = values[i];
        if (_shape.IsFlat) return new TokenRows(flat);
        var rows = new double[_shape.Rows.Length][];
        for (var (i, start) = (0, 0); i < rows.Length; start += rows[i++].Length) rows[i] = flat[start..(start + _shape.Rows[i].Length)];
        return new TokenRows(rows);
    }

    private void Take(PolicyBatch batch, int row, int token, int index, int place)
    {
        var (logP, logR) = (batch.LogProbabilities.Rows[row][token], batch.Reference.Rows[row][token]);
        if (PolicyBatch.IsMinusInfinity(logR))
        {
            if (double.IsFinite(logR)) Sentinels++;
            logR = double.NegativeInfinity;
        }

        if (logP == 0 && logR == 0) Certain++;
        Delta[index] = logP - logR;
        if (LogWeight is not null) LogWeight[index] = logP - batch.Old!.Rows[row][token];
        _places[index] = place;
    }
}
