using KlCore.Formats;
using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Numerics;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>
/// Trains a network on pieces of the training part that are drawn at random, and looks every so many steps at a part of the held-out text: when that gets no better for
/// a while, it stops, if it was told to. Large batches are taken piece by piece, and so is the held-out text.
/// </summary>
internal sealed class GradientLearner : LanguageLearner
{
    private const double MaximumGradientNorm = 1;

    /// <summary>A loss that many times the one that training began with, and that of giving every token the same probability, is no learning.</summary>
    private const double Hopeless = 4;

    private readonly LearningTask _task;
    private readonly LearntModel _model;
    private readonly LearningCost _cost;
    private readonly TokenLoss _loss;
    private readonly SharedGradient _gradient;
    private readonly Descent _descent;
    private readonly BestEpoch _best;
    private readonly WatchedText _watched;
    private readonly int[] _positions, _tokens;
    private readonly int _interval;
    private int _piece;
    private long _looks;
    private double _pieceLosses, _firstLoss, _lastLoss = double.MaxValue, _validationLoss = double.MaxValue;

    /// <summary>Begins with a network that is initialised already.</summary>
    public GradientLearner(LearningTask task, NetworkDesign design, LearntModel model)
    {
        (_task, _model) = (task, model);
        var (specification, network) = (task.Specification, model.Network);
        if (!network.IsPadded && task.Stream.TrainingLength <= network.Context)
            throw new NotComputableException("text-too-short", $"The training part has {task.Stream.TrainingLength} tokens, and a sequence of the model takes {network.Context + 1}.");
        _cost = new LearningCost(design, network.Vocabulary, specification);
        _loss = TokenLoss.Of(task, _cost.PieceSize, network.RowsPerSequence);
        _gradient = new SharedGradient(model.Parameters, (parameters, purpose) => design.Make(parameters, network.Vocabulary, purpose), _loss, _cost.PieceSize);
        _descent = new Descent(model.Parameters, design.Rule(specification.Optimizer, specification.UsedSteps())) { MaximumNorm = MaximumGradientNorm };
        _best = new BestEpoch(specification.EarlyStopping, model.Parameters.Values.Length);
        _watched = new WatchedText(task.Stream, network, design.BlocksPerStep(network.Vocabulary));
        _positions = new int[_cost.BatchSize];
        _tokens = new int[_cost.PieceSize * network.Context];
        _interval = specification.EvaluationInterval ?? Math.Max(1, specification.UsedSteps() / 20);
    }

    public override long TotalSteps => StepsUpTo(Updates, LooksUpTo(Updates));

    public override long CompletedSteps => StepsUpTo(_descent.Steps, _looks) + _piece + _watched.CompletedSteps;

    public override bool IsComplete => CompletedSteps >= TotalSteps || _best.IsOver;

    /// <summary>Steps of the optimizer in all.</summary>
    private long Updates => _task.Specification.UsedSteps();

    private bool IsLookDue => _piece == 0 && _looks < LooksUpTo(_descent.Steps);

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        if (IsLookDue) Look();
        else Learn();
        List<KeyValuePair<string, double>> metrics = [new("loss", _piece > 0 ? _pieceLosses / _piece : _lastLoss), new("update", _descent.Steps)];
        if (_descent.Rate > 0) metrics.AddRange([new("gradientNorm", _descent.GradientNorm), new("learningRate", _descent.Rate)]);
        // Told again until there is a newer one: of long runs not every step is kept.
        if (_validationLoss < double.MaxValue) metrics.Add(new("validationLoss", _validationLoss));
        return metrics;
    }

    public override IEnumerable<Tensor> Save() =>
    [
        .. _descent.Save(), .. _best.Save(), .. _watched.Save(),
        new Tensor("learning", [_piece, _looks, _pieceLosses, _lastLoss, _validationLoss, _firstLoss]),
        // Between steps of the optimizer the gradient is of no use any more.
        Tensor.Of<float>("learning.gradient", [_piece > 0 ? _model.Parameters.Gradients.Length : 0], _piece > 0 ? _model.Parameters.Gradients : default),
    ];

    public override void Restore(Checkpoint checkpoint)
    {
        _descent.Restore(checkpoint);
        _best.Restore(checkpoint);
        _watched.Restore(checkpoint);
        var numbers = new double[6];
        checkpoint.Read("learning", numbers);
        (_piece, _looks, _pieceLosses) = ((int)Math.Clamp(numbers[0], 0, _cost.Pieces - 1), (long)numbers[1], numbers[2]);
        (_lastLoss, _validationLoss, _firstLoss) = (numbers[3], numbers[4], numbers[5]);
        if (_piece > 0) checkpoint.Read("learning.gradient", _model.Parameters.Gradients);
    }

    public override TokenModel Finish()
    {
        _best.RestoreTo(_model.Parameters.Values);
        return _model;
    }

    private long LooksUpTo(long updates) => updates / _interval + (updates == Updates && updates % _interval > 0 ? 1 : 0);

    private long StepsUpTo(long updates, long looks) => updates * _cost.Pieces + looks * _watched.Steps;

    private void Learn()
    {
        var first = _piece * _cost.PieceSize;
        var count = Math.Min(_cost.PieceSize, _cost.BatchSize - first);
        Draw(first, count);
        var pass = new Pass(IsTraining: true, _task.Specification.Seed, _descent.Steps * _cost.Pieces + _piece);
        var share = (double)count / _cost.BatchSize;
        var loss = _gradient.Evaluate(_tokens, count, pass, share, adds: _piece > 0);
        if (!double.IsFinite(loss)) throw new TrainingDivergedException(CompletedSteps + 1, _lastLoss);
        _pieceLosses += loss;
        if (++_piece < _cost.Pieces) return;
        var mean = _pieceLosses / _piece;
        if (_descent.Steps == 0) _firstLoss = mean;
        if (!_descent.Step(Updates)) throw new TrainingDivergedException(CompletedSteps + 1, _lastLoss);
        (_piece, _pieceLosses, _lastLoss) = (0, 0, mean);
    }

    /// <summary>Draws a batch from where it is in its order, so that all pieces of a step belong to the same.</summary>
    private void Draw(int first, int count)
    {
        var (network, stream) = (_model.Network, _task.Stream);
        var random = new RandomStream(_task.Specification.Seed, _descent.Steps, "windows");
        // Position 0 is never predicted, and a window of a network without padding begins at 0 at the earliest.
        var positions = network.IsPadded ? stream.TrainingLength - 1 : stream.TrainingLength - network.Context;
        for (var i = 0; i < first + count; i++) _positions[i] = 1 + random.NextIndex(positions);
        for (var i = 0; i < count; i++)
        {
            var position = _positions[first + i];
            var tokens = _tokens.AsSpan(i * network.Context, network.Context);
            if (network.IsPadded) NetworkReader.Pad(stream.Tokens.AsSpan(0, position), tokens, network.Vocabulary);
            else stream.Tokens.AsSpan(position - 1, network.Context).CopyTo(tokens);
        }

        _loss.Prepare(_positions.AsSpan(first, count));
    }

    private void Look()
    {
        if (_watched.Step(_model) is not { } loss) return;
        if (!double.IsFinite(loss)) throw new TrainingDivergedException(CompletedSteps + 1, _lastLoss);
        // Held-out text alone may be so badly foreseen by a model that knows its own text by heart.
        var isHopeless = loss > Hopeless * Math.Log(_model.Network.Vocabulary) && _lastLoss > Hopeless * _firstLoss;
        if (isHopeless) throw new TrainingDivergedException(CompletedSteps, _lastLoss, _firstLoss);
        _validationLoss = loss;
        _looks++;
        _best.Note(_looks, loss, _model.Parameters.Values);
    }
}
