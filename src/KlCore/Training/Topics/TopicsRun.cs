using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>A search for topics in progress: it walks through a <see cref="TopicsPlan"/>, a piece in each step.</summary>
internal sealed class TopicsRun : TrainingRun
{
    private readonly TopicsSpecification _specification;
    private readonly PreparedDocuments _documents;
    private readonly TopicsPlan _plan;
    private readonly DocumentInference _inference;
    private readonly TopicsEnd _end;
    private readonly BestEpoch _best;
    private readonly Tally _chunk = new(), _validation = new();
    private readonly double[] _logTheta;
    private long _step, _updated;
    private double _fresh, _lastBound = double.MinValue;
    private bool _hasConverged;

    public TopicsRun(TopicsSpecification specification, PreparedDocuments documents)
    {
        (_specification, _documents, _plan) = (specification, documents, new TopicsPlan(specification, documents));
        Model = new TopicsModel(specification, documents.Vocabulary.Count);
        _inference = new DocumentInference(Model.Words, Math.Max(documents.Training.LargestBag, documents.HeldOut.LargestBag));
        _end = new TopicsEnd(specification, documents, Model);
        _best = new BestEpoch(specification.EarlyStopping, Model.Words.Statistics.Length);
        _logTheta = new double[specification.Topics];
        Model.Draw(specification.Seed);
    }

    public override long TotalSteps => _plan.Steps;

    public override long CompletedSteps => _step;

    /// <summary>How many of the steps learn; those after them describe what was learned.</summary>
    internal long LearningSteps => _plan.PassesEnd;

    /// <summary>What has been learned so far.</summary>
    internal TopicsModel Model { get; }

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var piece = _plan[_step];
        var pass = _plan.Pass(_step);
        IReadOnlyList<KeyValuePair<string, double>> metrics = [];
        switch (piece.Phase)
        {
            case Phase.Documents: Learn(piece, pass); break;
            case Phase.Divergence: metrics = Measure(piece); break;
            case Phase.Blend: Blend(piece, pass); break;
            case Phase.Refresh: Refresh(piece, pass); break;
            case Phase.Validation: metrics = Validate(piece, pass); break;
            case Phase.Inference: Infer(piece); break;
            default: _end.AddDistances(piece.From, piece.To); break;
        }

        _step++;
        if (piece is { Phase: Phase.Validation, IsLast: true } && _best.IsOver) _step = _plan.PassesEnd;
        if (_step == _plan.PassesEnd && _best.RestoreTo(Model.Words.Statistics.Span)) Model.Renew();
        return metrics;
    }

    public override byte[] Save() => SafeTensors.Write(
    [
        new Tensor("step", _step), new Tensor("updated", _updated), new Tensor("fresh documents", _fresh), new Tensor("lastBound", _lastBound),
        new Tensor("hasConverged", _hasConverged ? 1 : 0), Tensor.Of<float>("gamma", [_specification.Topics], _inference.Gamma),
        new Tensor("chunk", _chunk.Sums), new Tensor("validation", _validation.Sums), new Tensor("logTheta", _logTheta),
        .. Model.Save(), .. _best.Save(), .. _end.Save(),
    ]);

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var checkpoint = new Checkpoint(state);
        (_step, _updated, _fresh) = (checkpoint.Count("step"), checkpoint.Count("updated"), checkpoint.Number("fresh documents"));
        (_lastBound, _hasConverged) = (checkpoint.Number("lastBound"), checkpoint.Number("hasConverged") == 1);
        checkpoint.Read<float>("gamma", _inference.Gamma);
        checkpoint.Read("chunk", _chunk.Sums);
        checkpoint.Read("validation", _validation.Sums);
        checkpoint.Read("logTheta", _logTheta);
        Model.Restore(checkpoint);
        _best.Restore(checkpoint);
        _end.Restore(checkpoint);
    }

    public override TrainingOutcome Finish() => _end.Report(_best);

    private void Learn(in Piece piece, int pass)
    {
        if (piece.From == (long)piece.Chunk * _specification.ChunkSize && piece.Begun == 0)
        {
            _chunk.Clear();
            Array.Clear(_logTheta);
        }

        var isEvaluated = _plan.IsEvaluated(piece.Chunk);
        var random = new RandomStream(_specification.Seed, _step + 1, "documents");
        for (var document = piece.From; document < piece.To; document++)
        {
            if (!Improve(_documents.Training, document, piece, random, _chunk)) continue;
            _inference.Collect();
            Count(_chunk, isEvaluated);
            if (_specification.Alpha.IsLearned) AddLogTheta();
        }

        if (!piece.IsLast) return;
        _fresh += _chunk.Documents;
        if (_specification.Alpha.IsLearned) Model.LearnAlpha(_chunk.Documents, _logTheta, Rate(pass));
    }

    // Returns whether the document is done with this piece.
    private bool Improve(Corpus corpus, int document, in Piece piece, RandomStream? random, Tally tally)
    {
        _inference.Load(corpus.Words(document), corpus.Counts(document), Model.Alpha);
        if (piece.Begun == 0)
        {
            _hasConverged = false;
            if (random is null) _inference.Gamma.Fill(1);
            else foreach (ref var gamma in _inference.Gamma) gamma = GammaDraw.Next(random);
        }

        _inference.Begin();
        if (!_hasConverged)
        {
            _hasConverged = _inference.Improve(piece.Iterations, _specification.GammaThreshold, out var iterations);
            tally.AddIterations(iterations);
        }

        return piece.Begun + piece.Iterations >= _specification.Iterations;
    }

    private void Count(Tally tally, bool isEvaluated)
    {
        tally.AddDocument(_hasConverged);
        if (!isEvaluated) return;
        _inference.Evaluate(Model.Alpha, out var likelihood, out var divergence);
        tally.AddBound(likelihood, divergence);
    }

    private void AddLogTheta()
    {
        var sum = 0.0;
        foreach (var gamma in _inference.Gamma) sum += gamma;
        var shift = GammaFunctions.Digamma(sum);
        for (var k = 0; k < _logTheta.Length; k++) _logTheta[k] += GammaFunctions.Digamma(_inference.Gamma[k]) - shift;
    }

    // The chunk stands for all documents, as if there were as many of its kind.
    private IReadOnlyList<KeyValuePair<string, double>> Measure(in Piece piece)
    {
        Model.AddDivergences(piece);
        if (!piece.IsLast || piece.Chunk == _plan.Chunks) return [];
        var (from, to) = (piece.Chunk * _specification.ChunkSize, (int)Math.Min((piece.Chunk + 1L) * _specification.ChunkSize, _documents.Training.Count));
        var (scale, words) = (_documents.Training.Count / _chunk.Documents, _documents.Training.Tokens(from, to));
        if (words == 0) return [];
        var bound = (scale * _chunk.Bound - Model.Divergences.Sum()) / (scale * words);
        if (!double.IsFinite(bound)) throw new TrainingDivergedException(_step + 1, _lastBound);
        _lastBound = bound;
        return [new("bound", bound), new("perplexity", Math.Exp(-bound)), new("convergedShare", _chunk.Converged / _chunk.Documents), new("iterations", _chunk.Iterations / _chunk.Documents)];
    }

    private void Blend(in Piece piece, int pass)
    {
        var rate = Rate(pass);
        Model.Blend(piece, 1 - rate, rate * _documents.Training.Count / _fresh);
    }

    private void Refresh(in Piece piece, int pass)
    {
        Model.Refresh(piece, Rate(pass));
        if (!piece.IsLast) return;
        // As in Gensim later passes count by themselves.
        if (pass == 0) _updated += (long)_fresh;
        _fresh = 0;
    }

    private double Rate(int pass)
    {
        var chunk = Math.Min(_specification.ChunkSize, _documents.Training.Count);
        return Math.Min(1, Math.Pow(_specification.Offset + pass + _updated / (double)chunk, -_specification.Decay));
    }

    private IReadOnlyList<KeyValuePair<string, double>> Validate(in Piece piece, int pass)
    {
        if (piece is { From: 0, Begun: 0 }) _validation.Clear();
        for (var document = piece.From; document < piece.To; document++)
            if (Improve(_documents.HeldOut, document, piece, null, _validation)) Count(_validation, isEvaluated: true);
        var words = _documents.HeldOut.Tokens(0, _documents.HeldOut.Count);
        if (!piece.IsLast || words == 0) return [];
        var bound = _validation.Bound / words;
        if (!double.IsFinite(bound)) throw new TrainingDivergedException(_step + 1, _lastBound);
        _best.Note(pass + 1, -bound, Model.Words.Statistics.Span);
        return [new("validationBound", bound)];
    }

    private void Infer(in Piece piece)
    {
        // The second part of them is that of the documents held out.
        var (corpus, tally, place) = piece.Chunk == 0 ? (_documents.Training, _end.Training, 0) : (_documents.HeldOut, _end.HeldOut, _documents.Training.Count);
        for (var document = piece.From; document < piece.To; document++)
        {
            if (!Improve(corpus, document, piece, null, tally)) continue;
            Count(tally, isEvaluated: true);
            _inference.Gamma.CopyTo(_end.Gamma(place + document));
        }
    }
}
