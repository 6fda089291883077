using KlCore.Formats;
using KlCore.Networks;
using KlCore.Numerics;
using KlCore.Training.Optimization;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>
/// Trains a network on windows drawn at random from the training part, and looks every so many steps at a part of the held-out text: when that gets no better for a while,
/// it stops, if it was told to.
/// </summary>
internal sealed class GradientLearner : LanguageLearner
{
    /// <summary>How many held-out positions are looked at on the way; the result is measured on all.</summary>
    private const int WatchedPositions = 4096;

    private const double MaximumGradientNorm = 1;
    private static readonly Schedule UsualSchedule = new CosineSchedule { FinalFraction = 0.1 };

    private readonly LearningTask _task;
    private readonly TokenNetwork _network;
    private readonly TokenLoss _loss;
    private readonly Descent _descent;
    private readonly BestEpoch _best;
    private readonly int[] _starts, _inputs, _targets;
    private double _lastLoss = double.MaxValue, _validationLoss = double.MaxValue;

    /// <summary>Begins with a network that is initialised already.</summary>
    public GradientLearner(LearningTask task, TokenNetwork network)
    {
        (_task, _network, _loss) = (task, network, TokenLoss.Of(task));
        var specification = task.Specification;
        if (task.Stream.TrainingLength <= network.Window)
            throw new NotComputableException("text-too-short", $"The training part has {task.Stream.TrainingLength} tokens, and a window of the model takes {network.Window + 1}.");
        network.Prepare(specification.UsedBatchSize());
        _descent = new Descent(network.Parameters, specification.UsedOptimizer(), UsualSchedule) { MaximumNorm = MaximumGradientNorm };
        _best = new BestEpoch(specification.EarlyStopping, network.Parameters.Values.Length);
        _starts = new int[specification.UsedBatchSize()];
        (_inputs, _targets) = (new int[_starts.Length * network.Window], new int[_starts.Length * network.Window]);
    }

    public override long TotalSteps => _task.Specification.UsedSteps();

    public override long CompletedSteps => _descent.Steps;

    public override bool IsComplete => CompletedSteps >= TotalSteps || _best.IsOver;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var step = CompletedSteps;
        Draw(step);
        var logits = _network.Forward(_inputs, _starts.Length, new Pass(IsTraining: true, _task.Specification.Seed, step));
        var loss = _loss.Evaluate(logits, _starts, _targets);
        if (!double.IsFinite(loss)) throw new TrainingDivergedException(step + 1, _lastLoss);
        _network.Backward(logits);
        if (!_descent.Step(TotalSteps)) throw new TrainingDivergedException(step + 1, _lastLoss);
        _lastLoss = loss;
        if (CompletedSteps % Interval() == 0 || CompletedSteps == TotalSteps) Watch();
        List<KeyValuePair<string, double>> metrics = [new("loss", loss), new("gradientNorm", _descent.GradientNorm), new("learningRate", _descent.Rate)];
        // Told again until there is a newer one: of long runs not every step is kept.
        if (_validationLoss < double.MaxValue) metrics.Add(new("validationLoss", _validationLoss));
        return metrics;
    }

    public override IEnumerable<Tensor> Save() => [.. _descent.Save(), .. _best.Save(), new Tensor("losses", [_lastLoss, _validationLoss])];

    public override void Restore(Checkpoint checkpoint)
    {
        _descent.Restore(checkpoint);
        _best.Restore(checkpoint);
        var losses = new double[2];
        checkpoint.Read("losses", losses);
        (_lastLoss, _validationLoss) = (losses[0], losses[1]);
    }

    public override TokenModel Finish()
    {
        _best.RestoreTo(_network.Parameters.Values);
        return _network;
    }

    private long Interval() => _task.Specification.EvaluationInterval ?? Math.Max(1, TotalSteps / 20);

    private void Draw(long step)
    {
        var (window, stream) = (_network.Window, _task.Stream);
        var random = new RandomStream(_task.Specification.Seed, step, "windows");
        for (var i = 0; i < _starts.Length; i++)
        {
            var start = _starts[i] = random.NextIndex(stream.TrainingLength - window);
            stream.Tokens.AsSpan(start, window).CopyTo(_inputs.AsSpan(i * window));
            stream.Tokens.AsSpan(start + 1, window).CopyTo(_targets.AsSpan(i * window));
        }
    }

    /// <summary>The mean of -ln q over blocks that lie evenly in the held-out part: the same ones each time.</summary>
    private void Watch()
    {
        var (stream, stride) = (_task.Stream, _network.Stride);
        var (from, count) = (stream.TrainingLength, stream.Tokens.Length - stream.TrainingLength);
        var blocks = Math.Max(1, Math.Min(count, WatchedPositions) / stride);
        var length = Math.Min(stride, count);
        var scores = new double[length];
        var sum = new CompensatedSum();
        for (var i = 0; i < blocks; i++)
        {
            var start = from + (int)((long)(count - length) * i / Math.Max(1, blocks - 1));
            _network.ScoreStream(stream.Tokens, start, start + length, scores);
            foreach (var score in scores) sum.Add(-score);
        }

        _validationLoss = sum.Value / (blocks * length);
        if (!double.IsFinite(_validationLoss)) throw new TrainingDivergedException(CompletedSteps, _lastLoss);
        _best.Note(CompletedSteps / Interval(), _validationLoss, _network.Parameters.Values);
    }
}
