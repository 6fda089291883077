using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>What is gathered after the last pass: every document's topics, the bound, and how far topics are apart.</summary>
internal sealed class TopicsEnd
{
    private readonly TopicsSpecification _specification;
    private readonly PreparedDocuments _documents;
    private readonly TopicsModel _model;
    private readonly float[] _gamma;
    private readonly double[] _distances;

    // Two topics as distributions, while pairs are being compared.
    private readonly double[] _first, _second;

    public TopicsEnd(TopicsSpecification specification, PreparedDocuments documents, TopicsModel model)
    {
        (_specification, _documents, _model) = (specification, documents, model);
        _gamma = new float[checked(documents.Count * specification.Topics)];
        _distances = new double[TopicsPlan.Pairs(specification.Topics, documents.Vocabulary.Count)];
        (_first, _second) = (new double[documents.Vocabulary.Count], new double[documents.Vocabulary.Count]);
    }

    /// <summary>The documents that were learned from.</summary>
    public Tally Training { get; } = new();

    /// <summary>The documents held out.</summary>
    public Tally HeldOut { get; } = new();

    /// <summary>Jensen-Shannon divergences of pairs of topics, (0, 1), (0, 2), …, (1, 2), …; none if they are too many.</summary>
    public ReadOnlySpan<double> Distances => _distances;

    /// <summary>The gamma of a document; those held out follow on those that were learned from.</summary>
    public Span<float> Gamma(int document) => _gamma.AsSpan(document * _specification.Topics, _specification.Topics);

    /// <summary>The topics of a pair by its number.</summary>
    public (int First, int Second) Pair(int number)
    {
        var (first, behind) = (0, _specification.Topics - 1);
        while (number >= behind) (first, number, behind) = (first + 1, number - behind, behind - 1);
        return (first, first + 1 + number);
    }

    /// <summary>Compares some pairs.</summary>
    public void AddDistances(int from, int to)
    {
        var filled = -1;
        for (var number = from; number < to; number++)
        {
            var (first, second) = Pair(number);
            if (filled != first) Fill(first, _first);
            filled = first;
            Fill(second, _second);
            _distances[number] = Fold.Sum<TopsoeKernel>(_first, _second) / 2;
        }
    }

    /// <summary>The mean of q(beta_k): the topic as a distribution over words.</summary>
    public void Fill(int topic, Span<double> probabilities)
    {
        var sum = _model.Words.Sums[topic];
        for (var word = 0; word < probabilities.Length; word++) probabilities[word] = _model.Lambda(word, topic) / sum;
    }

    /// <summary>Its state as tensors; what is not yet there is left out.</summary>
    public IEnumerable<Tensor> Save()
    {
        yield return new Tensor("end.training", Training.Sums);
        yield return new Tensor("end.heldOut", HeldOut.Sums);
        if (Training.Iterations == 0) yield break;
        yield return Tensor.Of<float>("end.gamma", [_documents.Count, _specification.Topics], _gamma);
        yield return new Tensor("end.distances", _distances);
    }

    /// <summary>Continues from them.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        checkpoint.Read("end.training", Training.Sums);
        checkpoint.Read("end.heldOut", HeldOut.Sums);
        if (Training.Iterations == 0) return;
        checkpoint.Read<float>("end.gamma", _gamma);
        checkpoint.Read("end.distances", _distances);
    }

    /// <summary>The result and the files.</summary>
    public TrainingOutcome Report(BestEpoch best) => new TopicsReport(_specification, _documents, _model, this).Write(best);
}
