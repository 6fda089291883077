using KlCore.Formats;
using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// An autoencoder in training. An epoch is a step for each batch, then one for each piece of the held-out rows; a single piece belongs to the last batch's step. Its
/// state is the step, the network with its optimizer, the sums of the epoch and the best epoch.
/// </summary>
internal sealed class AutoencoderRun : TrainingRun
{
    /// <summary>How many rows are judged at once.</summary>
    public const int JudgedAtOnce = 256;

    private const double WorkPerStep = 1e8;

    /// <summary>A reconstruction that costs so many times what it did of the untrained network will not come back.</summary>
    private const double Hopeless = 20;

    private readonly AutoencoderSpecification _specification;
    private readonly AutoencoderRows _rows;
    private readonly AutoencoderNetwork _network;
    private readonly Descent _descent;
    private readonly EpochOrder _order;
    private readonly BestEpoch _best;
    private readonly EpochFigures _training, _heldOut;
    private readonly int _batches, _pieces, _rowsPerPiece;
    private readonly int[] _chosen;
    private readonly double[] _kl;
    private long _steps;
    private double _firstReconstruction, _lastLoss = double.MaxValue;

    public AutoencoderRun(AutoencoderSpecification specification, AutoencoderRows rows)
    {
        (_specification, _rows) = (specification, rows);
        var batch = Math.Min(specification.BatchSize, rows.Training.Length);
        _network = new AutoencoderNetwork(specification, rows.Width, Math.Max(batch, JudgedAtOnce));
        _network.Initialize(specification.Seed);
        _descent = new Descent(_network.Parameters, specification.Optimizer);
        _order = new EpochOrder(rows.Training.Length, specification.Seed);
        _best = new BestEpoch(specification.EarlyStopping, _network.Parameters.Values.Length);
        (_training, _heldOut) = (new EpochFigures("epoch.training", specification.LatentSize), new EpochFigures("epoch.heldOut", specification.LatentSize));
        _batches = (rows.Training.Length + batch - 1) / batch;
        _rowsPerPiece = (int)Math.Clamp(WorkPerStep / (2.0 * _network.Parameters.Count), JudgedAtOnce, int.MaxValue / 2);
        _pieces = rows.HeldOut.Length <= _rowsPerPiece ? 0 : (rows.HeldOut.Length + _rowsPerPiece - 1) / _rowsPerPiece;
        _chosen = new int[batch];
        _kl = new double[specification.LatentSize];
    }

    public override long TotalSteps => (long)(_batches + _pieces) * _specification.Epochs;

    public override long CompletedSteps => _steps;

    public override bool IsComplete => _steps >= TotalSteps || (_steps % (_batches + _pieces) == 0 && _best.IsOver);

    public override bool IsMilestone => _steps % (_batches + _pieces) == 0;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        var (epoch, part) = (_steps / (_batches + _pieces), (int)(_steps % (_batches + _pieces)));
        List<KeyValuePair<string, double>> metrics = [];
        if (part < _batches) Train(epoch, part, metrics);
        var piece = part - _batches + (_pieces == 0 ? 1 : 0);
        if (piece >= 0) Judge(piece * _rowsPerPiece, (int)Math.Min((piece + 1L) * _rowsPerPiece, _rows.HeldOut.Length));
        if (part == _batches + _pieces - 1) EndEpoch(epoch, metrics);
        _steps++;
        return metrics;
    }

    public override byte[] Save() => SafeTensors.Write(
        [new Tensor("steps", _steps), new Tensor("loss", _lastLoss), new Tensor("reconstruction.first", _firstReconstruction), .. _descent.Save(), .. _best.Save(), _training.Save(), _heldOut.Save()]);

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var checkpoint = new Checkpoint(state);
        (_steps, _lastLoss, _firstReconstruction) = (checkpoint.Count("steps"), checkpoint.Number("loss"), checkpoint.Number("reconstruction.first"));
        _descent.Restore(checkpoint);
        _best.Restore(checkpoint);
        _training.Restore(checkpoint);
        _heldOut.Restore(checkpoint);
    }

    public override TrainingOutcome Finish()
    {
        var isRestored = _best.RestoreTo(_network.Parameters.Values);
        var epochs = (int)(_steps / (_batches + _pieces));
        return new AutoencoderReport(_specification, _rows, _network).Write(epochs, isRestored ? (int)_best.Epoch : epochs, _steps < TotalSteps);
    }

    private void Train(long epoch, int part, List<KeyValuePair<string, double>> metrics)
    {
        var order = _order.Of(epoch);
        var some = order[(part * _chosen.Length)..Math.Min((part + 1) * _chosen.Length, order.Length)];
        var chosen = _chosen.AsSpan(0, some.Length);
        for (var i = 0; i < chosen.Length; i++) chosen[i] = _rows.Training[some[i]];
        var step = _descent.Steps;
        if (step == 0) _firstReconstruction = Untrained(order);
        _rows.Gather(chosen, _network.Input(chosen.Length));
        var stream = new RandomStream(_specification.Seed, step, "latent noise");
        foreach (ref var number in _network.Noise(chosen.Length).Values) number = (float)stream.NextNormal();
        var beta = Beta(step);
        var reconstruction = _network.Train(chosen.Length, beta, _specification.FreeBits, new Pass(true, _specification.Seed, step), _kl);
        var loss = reconstruction + _specification.Beta * _kl.Sum();
        if (!double.IsFinite(loss) || !_descent.Step((long)_batches * _specification.Epochs)) throw new TrainingDivergedException(_steps + 1, double.IsFinite(loss) ? loss : _lastLoss);
        _lastLoss = loss;
        _training.Add(_network.Code(chosen.Length), reconstruction);
        metrics.AddRange([new("loss", loss), new("beta", beta), new("gradientNorm", _descent.GradientNorm), new("learningRate", _descent.Rate)]);
    }

    private double Beta(long step) => _specification.Beta * _specification.Annealing.Share(step, _batches, (long)_batches * _specification.Epochs);

    /// <summary>The reconstruction before anything is learnt; of many rows, since a small batch may begin with a lucky one.</summary>
    private double Untrained(ReadOnlySpan<int> order)
    {
        var chosen = new int[Math.Min(JudgedAtOnce, order.Length)];
        for (var i = 0; i < chosen.Length; i++) chosen[i] = _rows.Training[order[i]];
        _network.Reconstruct(_rows, chosen, _specification.Seed);
        return _network.Reconstruction(_network.Output(chosen.Length), _network.Input(chosen.Length));
    }

    private void Judge(int from, int to)
    {
        for (; from < to; from += JudgedAtOnce)
        {
            var chosen = _rows.HeldOut.AsSpan(from, Math.Min(JudgedAtOnce, to - from));
            _network.Reconstruct(_rows, chosen, _specification.Seed);
            _heldOut.Add(_network.Code(chosen.Length), _network.Reconstruction(_network.Output(chosen.Length), _network.Input(chosen.Length)));
        }
    }

    private void EndEpoch(long epoch, List<KeyValuePair<string, double>> metrics)
    {
        // The last update of the epoch is seen by no further batch where nothing is held out.
        foreach (var value in _network.Parameters.Values)
            if (!float.IsFinite(value)) throw new TrainingDivergedException(_steps + 1, _lastLoss);
        if (_firstReconstruction > 0 && _training.Reconstruction > Hopeless * _firstReconstruction) throw new TrainingDivergedException(_steps + 1, _training.Reconstruction, _firstReconstruction);
        metrics.AddRange([new("epoch", epoch + 1), new("trainingLoss", _training.Reconstruction + _specification.Beta * _training.Kl), new("reconstruction", _training.Reconstruction), new("kl", _training.Kl)]);
        var judged = _rows.HeldOut.Length > 0 ? _heldOut : _training;
        var loss = judged.Reconstruction + _specification.Beta * judged.Kl;
        if (!double.IsFinite(loss)) throw new TrainingDivergedException(_steps + 1, _lastLoss);
        if (_rows.HeldOut.Length > 0) metrics.AddRange([new("validationLoss", loss), new("validationReconstruction", _heldOut.Reconstruction), new("validationKl", _heldOut.Kl)]);
        metrics.Add(new("activeUnits", judged.ActiveUnits));
        // Before the KL has its whole weight, a loss with the whole weight judges what was not asked for yet.
        if (Beta(_descent.Steps - 1) >= _specification.Beta) _best.Note(epoch + 1, loss, _network.Parameters.Values);
        _training.Clear();
        _heldOut.Clear();
    }
}
