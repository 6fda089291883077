using System.ComponentModel.DataAnnotations;
using KlCore.Formats;

namespace KlCore.Training;

/// <summary>Ends a training when what is measured on the held-out data gets no better for a while.</summary>
/// <remarks>Prechelt, Early stopping: but when?, in Neural networks: tricks of the trade, 1998; the fields are Keras'.</remarks>
public sealed record EarlyStopping : IChecked
{
    /// <summary>How many epochs in a row may bring nothing better.</summary>
    [Range(1, 1_000_000)]
    public int Patience { get; init; } = 5;

    /// <summary>By how much a loss must fall below the best so far to count as better.</summary>
    [Range(0, double.MaxValue)]
    public double MinimumDelta { get; init; }

    /// <summary>Whether the parameters of the best epoch are the result, and not those of the last.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <inheritdoc/>
    public void Check(Problems problems) => Bounds.Check(this, problems);
}

/// <summary>What early stopping remembers: the best loss, when it was, and the parameters of then.</summary>
/// <param name="rule">When to stop; null for never.</param>
/// <param name="parameters">How many parameters there are.</param>
internal sealed class BestEpoch(EarlyStopping? rule, int parameters)
{
    private readonly float[] _parameters = new float[rule is { RestoreBest: true } ? parameters : 0];
    private long _seen;

    /// <summary>The smallest loss so far.</summary>
    public double Loss { get; private set; } = double.MaxValue;

    /// <summary>The epoch that had it, counted from 1; 0 before the first.</summary>
    public long Epoch { get; private set; }

    /// <summary>Whether it is time to stop.</summary>
    public bool IsOver => rule is not null && Epoch > 0 && _seen - Epoch >= rule.Patience;

    /// <summary>Takes note of an epoch's loss and parameters.</summary>
    public void Note(long epoch, double loss, ReadOnlySpan<float> values)
    {
        _seen = epoch;
        if (Epoch > 0 && !(loss < Loss - (rule?.MinimumDelta ?? 0))) return;
        (Loss, Epoch) = (loss, epoch);
        if (_parameters.Length > 0) values.CopyTo(_parameters);
    }

    /// <summary>Puts the best parameters back, if the rule says so.</summary>
    /// <returns>Whether it did.</returns>
    public bool RestoreTo(Span<float> values)
    {
        if (_parameters.Length == 0 || Epoch == 0) return false;
        _parameters.CopyTo(values);
        return true;
    }

    /// <summary>Its state as tensors for a checkpoint.</summary>
    public IEnumerable<Tensor> Save() =>
    [
        new Tensor("best.loss", Loss), new Tensor("best.epoch", Epoch), new Tensor("best.seen", _seen), Tensor.Of<float>("best.parameters", [_parameters.Length], _parameters),
    ];

    /// <summary>Continues from tensors that <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        (Loss, Epoch, _seen) = (checkpoint.Number("best.loss"), checkpoint.Count("best.epoch"), checkpoint.Count("best.seen"));
        checkpoint.Read<float>("best.parameters", _parameters);
    }
}
