using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Training.Optimization;

namespace KlCore.Training.Supervised;

/// <summary>What trainings of dense networks on examples have in common. The fields, and what they are without being given, are those of Keras.</summary>
public abstract record SupervisedSpecification : TrainingSpecification
{
    /// <summary>The most layers of one network.</summary>
    internal const int MaximumLayers = 64;

    /// <summary>The layers, from the one that sees the inputs to the one that answers.</summary>
    public required IReadOnlyList<DenseLayer> Layers { get; init; }

    /// <summary>How the network learns; without a rate the usual one of the rule (0.001 for adam), without a schedule the same rate throughout.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How often it sees each example.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 20;

    /// <summary>How many examples it sees between one change of its weights and the next.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>The part of the examples that it does not learn from and is judged by, drawn by the seed.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>When to stop before the last epoch; never, if it is not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>How the columns of the inputs are scaled, by what the examples that train are like. Unlike Keras, which leaves that to its user, standard.</summary>
    public Scaling Scaling { get; init; } = Scaling.Standard;

    /// <summary>How long a gradient may be: a longer one is shortened. Any length, if it is not given.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ClipNorm { get; init; }

    /// <summary>The factor of sum |w| over the weights of layers that do not say their own.</summary>
    [Range(0, double.MaxValue)]
    public double L1 { get; init; }

    /// <summary>The factor of sum w^2 over the weights of layers that do not say their own.</summary>
    [Range(0, double.MaxValue)]
    public double L2 { get; init; }

    internal override Budget? Length => new("/epochs", Epochs);

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Layers.Count is 0 or > MaximumLayers) problems.Add("layers", $"must have at least 1 and at most {MaximumLayers} layers, had {Layers.Count}");
        for (var i = 0; i < Layers.Count; i++) Layers[i].Check(problems.At("layers").At(i));
        if (Layers.Count > 0 && Layers[^1].Dropout > 0) AtLastLayer(problems).Add("dropout", $"must be 0 in the last layer, whose outputs are the answer, was {Layers[^1].Dropout:R}");
        Optimizer.Check(problems.At("optimizer"));
        EarlyStopping?.Check(problems.At("earlyStopping"));
        if (EarlyStopping is not null && ValidationFraction == 0)
            problems.Add("earlyStopping", "must not be given where validationFraction is 0: it goes by the loss on held-out examples");
    }

    /// <summary>Where failures of the last layer belong.</summary>
    internal Problems AtLastLayer(Problems problems) => problems.At("layers").At(Layers.Count - 1);
}
