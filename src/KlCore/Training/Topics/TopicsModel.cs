using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>What is learned: topics as <see cref="TopicWords"/>, and the priors, where they are learned too.</summary>
internal sealed class TopicsModel
{
    private readonly bool _learnsAlpha, _learnsEta;

    // While words are being updated: the sums over those that are done, and of E[ln beta] over the topics for each word.
    private readonly double[] _partialSums, _meanLogBeta;

    public TopicsModel(TopicsSpecification specification, int vocabulary)
    {
        var topics = specification.Topics;
        (_learnsAlpha, _learnsEta) = (specification.Alpha.IsLearned, specification.Eta is { IsLearned: true });
        Words = new TopicWords(topics, vocabulary);
        Alpha = specification.Alpha.Start(topics, topics);
        // One number serves all words, unless each learns its own.
        Eta = (specification.Eta ?? Prior.Symmetric).Start(_learnsEta ? vocabulary : 1, topics);
        UsedEta = [.. Eta];
        _partialSums = new double[topics];
        _meanLogBeta = new double[_learnsEta ? vocabulary : 0];
        Divergences = new double[topics];
    }

    /// <summary>The expected counts of words and topics.</summary>
    public TopicWords Words { get; }

    /// <summary>The prior of a document's topics.</summary>
    public double[] Alpha { get; }

    /// <summary>The prior of a topic's words: one number for all or one for each.</summary>
    public double[] Eta { get; }

    /// <summary>Eta as it was at the last update of the topics: what is in lambda.</summary>
    public double[] UsedEta { get; }

    /// <summary>KL(q(beta_k) || prior) of each topic, so far as it has been added up.</summary>
    public double[] Divergences { get; }

    /// <summary>lambda of a word and a topic.</summary>
    public double Lambda(int word, int topic) => Words.Lambda(word, topic, UsedEta[UsedEta.Length == 1 ? 0 : word]);

    /// <summary>Begins with lambda from Gamma(100, 1/100), beside eta.</summary>
    public void Draw(long seed)
    {
        var random = new RandomStream(seed, 0, "topics");
        for (var word = 0; word < Words.Vocabulary; word++)
        {
            var row = Words.Statistics.Span.Slice(word * Words.Stride, Words.Topics);
            for (var k = 0; k < row.Length; k++) row[k] = GammaDraw.Next(random);
        }

        Renew();
    }

    /// <summary>Computes from the counts what follows from them.</summary>
    public void Renew()
    {
        Array.Clear(Words.Sums);
        Words.AddSums(0, Words.Vocabulary, UsedEta, Words.Sums);
        Words.Refresh(0, Words.Vocabulary, UsedEta);
    }

    /// <summary>Updates some words: the first piece takes eta over, the last makes the sums valid.</summary>
    public void Blend(in Piece piece, double keep, double add)
    {
        if (piece.From == 0)
        {
            Eta.CopyTo(UsedEta, 0);
            Array.Clear(_partialSums);
        }

        Words.Blend(piece.From, piece.To, (float)keep, (float)add);
        Words.AddSums(piece.From, piece.To, UsedEta, _partialSums);
        if (piece.IsLast) _partialSums.CopyTo(Words.Sums, 0);
    }

    /// <summary>Computes the exponentials of some words; the last piece lets eta learn.</summary>
    public void Refresh(in Piece piece, double rate)
    {
        Words.Refresh(piece.From, piece.To, UsedEta);
        if (!_learnsEta) return;
        double[] shifts = [.. Words.Sums.Select(GammaFunctions.Digamma)];
        for (var word = piece.From; word < piece.To; word++)
        {
            var sum = 0.0;
            for (var k = 0; k < shifts.Length; k++) sum += GammaFunctions.Digamma(Lambda(word, k)) - shifts[k];
            _meanLogBeta[word] = sum / shifts.Length;
        }

        if (piece.IsLast) DirichletUpdate.Step(Eta, Words.Topics, _meanLogBeta, rate);
    }

    /// <summary>Lets alpha learn, if it does.</summary>
    /// <param name="documents">How many documents there were.</param>
    /// <param name="logTheta">The sums over them of E[ln theta_k].</param>
    /// <param name="rate">The weight of the update.</param>
    public void LearnAlpha(double documents, double[] logTheta, double rate)
    {
        if (_learnsAlpha) DirichletUpdate.Step(Alpha, documents, Array.ConvertAll(logTheta, sum => sum / documents), rate);
    }

    /// <summary>Adds some words to <see cref="Divergences"/>; the first piece begins them anew, the last completes them.</summary>
    public void AddDivergences(in Piece piece)
    {
        if (piece.From == 0) Array.Clear(Divergences);
        double[] shifts = [.. Words.Sums.Select(GammaFunctions.Digamma)];
        for (var word = piece.From; word < piece.To; word++)
        {
            var eta = Eta[Eta.Length == 1 ? 0 : word];
            for (var k = 0; k < shifts.Length; k++) Divergences[k] += DirichletDivergence.Term(Lambda(word, k), eta, shifts[k]);
        }

        if (!piece.IsLast) return;
        var prior = Eta.Length == 1 ? Eta[0] * Words.Vocabulary : Eta.Sum();
        for (var k = 0; k < shifts.Length; k++) Divergences[k] = Math.Max(0, Divergences[k] + DirichletDivergence.OfSums(Words.Sums[k], prior));
    }

    /// <summary>Its state as tensors.</summary>
    public IEnumerable<Tensor> Save() =>
    [
        Tensor.Of<float>("statistics", [Words.Vocabulary, Words.Stride], Words.Statistics.Span),
        Tensor.Of<float>("fresh", [Words.Vocabulary, Words.Stride], Words.Fresh.Span),
        new Tensor("sums", Words.Sums), new Tensor("alpha", Alpha), new Tensor("eta", Eta), new Tensor("usedEta", UsedEta),
        new Tensor("partialSums", _partialSums), new Tensor("meanLogBeta", _meanLogBeta), new Tensor("divergences", Divergences),
    ];

    /// <summary>
    /// Continues from them. The exponentials follow from the rest, but for a moment when words are being updated; then those of all words will be computed
    /// before they are used.
    /// </summary>
    public void Restore(Checkpoint checkpoint)
    {
        checkpoint.Read<float>("statistics", Words.Statistics.Span);
        checkpoint.Read<float>("fresh", Words.Fresh.Span);
        checkpoint.Read("sums", Words.Sums);
        checkpoint.Read("alpha", Alpha);
        checkpoint.Read("eta", Eta);
        checkpoint.Read("usedEta", UsedEta);
        checkpoint.Read("partialSums", _partialSums);
        checkpoint.Read("meanLogBeta", _meanLogBeta);
        checkpoint.Read("divergences", Divergences);
        Words.Refresh(0, Words.Vocabulary, UsedEta);
    }
}
