using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.Optimization;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// A variational autoencoder: an encoder q(z | x) = N(mu(x), sigma(x)^2) and a decoder p(x | z) under a standard normal prior of z, trained to make
/// -E_q ln p(x | z) + beta KL(q(z | x) || p(z)) small. For beta = 1 that is the negative evidence lower bound, whose gap to -ln p(x) is the reverse
/// KL(q(z | x) || p(z | x)).
/// </summary>
/// <remarks>Kingma and Welling, Auto-encoding variational Bayes, ICLR 2014; Higgins et al., beta-VAE, ICLR 2017.</remarks>
public sealed record AutoencoderSpecification : TrainingSpecification, IPredictor
{
    private const int MaximumLayers = 32, MaximumAnswered = 1_000_000;

    private static readonly HiddenLayer[] UsualLayers = [new() { Units = 128 }, new() { Units = 64 }];

    /// <summary>What it learns to encode.</summary>
    public required AutoencoderData Data { get; init; }

    /// <summary>The layers from the data to the latents; two of 128 and 64 rectified units if not given.</summary>
    public IReadOnlyList<HiddenLayer> Encoder { get; init; } = UsualLayers;

    /// <summary>The layers from the latents to the data; those of the encoder in reverse if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HiddenLayer>? Decoder { get; init; }

    /// <summary>How many latents there are.</summary>
    [Range(1, 4096)]
    public int LatentSize { get; init; } = 8;

    /// <summary>The weight of the KL: 1 for the evidence lower bound, more for fewer and more independent latents.</summary>
    [Range(0, 1e6)]
    public double Beta { get; init; } = 1;

    /// <summary>How the weight grows to beta.</summary>
    public KlAnnealing Annealing { get; init; } = new NoAnnealing();

    /// <summary>Nats that each latent may cost without being pushed: sum_j max(freeBits, KL_j), KL_j being the mean over the batch. Against latents that fall silent.</summary>
    [Range(0, 1e6)]
    public double FreeBits { get; init; }

    /// <summary>What a reconstruction costs.</summary>
    public ReconstructionLoss Reconstruction { get; init; } = new BernoulliReconstruction();

    /// <summary>
    /// How the columns are scaled: by default common-range for pictures; otherwise minimum-maximum under bernoulli, which needs numbers from 0 to 1, and standard under gaussian.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Scaling? Scaling { get; init; }

    /// <summary>How the network learns; without a rate the usual one of the rule (0.001 for adam), without a schedule the same rate throughout.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How often it sees each row.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 50;

    /// <summary>How many rows it sees between one change of its weights and the next.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>The part of the rows that it does not learn from and is judged by, drawn by the seed.</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>When to stop before the last epoch; never, if it is not given. Epochs count from when the KL has its full weight.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>How many rows the result shows that the trained model makes up.</summary>
    [Range(0, 10_000)]
    public int Samples { get; init; } = 64;

    /// <summary>Pixels in a line, where a row is a picture; if not given, rows of a square number of at least 16 columns are square pictures.</summary>
    [Range(1, 65_536)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ImageWidth { get; init; }

    /// <summary>The decoder's layers, given or not.</summary>
    internal IReadOnlyList<HiddenLayer> DecoderLayers => Decoder ?? [.. Encoder.Reverse()];

    internal override Budget Length => new("/epochs", Epochs);

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Data.Check(problems.At("data"));
        CheckLayers(Encoder, problems.At("encoder"));
        if (Decoder is not null) CheckLayers(Decoder, problems.At("decoder"));
        Annealing.Check(problems.At("annealing"));
        Reconstruction.Check(problems.At("reconstruction"));
        Optimizer.Check(problems.At("optimizer"));
        EarlyStopping?.Check(problems.At("earlyStopping"));
        if (EarlyStopping is not null && ValidationFraction == 0) problems.Add("earlyStopping", "must not be given where validationFraction is 0: it goes by the loss on rows that are held out");
        if (Reconstruction.NeedsUnitInterval && Scaling == Training.Scaling.Standard) problems.Add("scaling", "must not be standard under bernoulli, which needs numbers from 0 to 1");
        if (Data.Width() is { } width) CheckWidth(width, Data.Rows?.Length, problems);
        if (!problems.Any && Data.Rows is not null && Reconstruction.NeedsUnitInterval && Scaling == Training.Scaling.None) CheckUnitInterval(Data.Rows, problems.At("data").At("rows"));
    }

    /// <summary>Adds what only shows when it is known how many numbers a row has, and how many rows there are.</summary>
    internal void CheckWidth(int width, long? rows, Problems problems)
    {
        if (ImageWidth is > 0 and var image && width % image != 0) problems.Add("imageWidth", $"must divide the {width} numbers of a row, was {image}");
        if ((long)Samples * width > MaximumAnswered) problems.Add("samples", $"must be at most {MaximumAnswered / width} for rows of {width} numbers, was {Samples}");
        if (!problems.Any) AutoencoderCost.Of(this, width, rows ?? BatchSize).Check(problems, "encoder");
    }

    internal static void CheckUnitInterval(double[][] rows, Problems problems)
    {
        for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j < rows[i].Length; j++)
                if (rows[i][j] is < 0 or > 1) problems.At(i).At(j).Add($"must be from 0 to 1 under bernoulli without scaling, was {rows[i][j]:R}");
    }

    /// <inheritdoc/>
    public override IEnumerable<DatasetColumns> Datasets() => Data.Source() is { } source ? [source] : [];

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        if (problems.Any || Data.Dataset is null || inputs.FindDataset(Data.Dataset) is not { } facts) return;
        var names = facts.Columns.Select(column => column.Name).ToHashSet();
        for (var i = 0; i < Data.Exclude?.Length; i++)
            if (!names.Contains(Data.Exclude[i])) problems.At("data").At("exclude").At(i).Add("must be a column of the dataset");
        if (facts.Rows < 2) problems.At("data").Add("dataset", $"must have at least 2 rows, has {facts.Rows}");
        var width = Data.Columns?.Length ?? facts.Columns.Count(column => column.Type == Formats.ColumnType.Number && Data.Exclude?.Contains(column.Name) != true);
        if (!problems.Any && width > 0) CheckWidth(width, facts.Rows, problems);
    }

    /// <inheritdoc/>
    public object Predict(PredictionRequest request, FinishedTraining training, ITrainingInputs inputs) => EncodedRows.Of(this, request, training, inputs);

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var rows = Data.Read(inputs);
        var problems = new Problems();
        CheckWidth(rows[0].Length, rows.Length, problems);
        if (Reconstruction.NeedsUnitInterval && Scaling == Training.Scaling.None) CheckUnitInterval(rows, problems.At("data"));
        problems.ThrowIfAny();
        return new AutoencoderRun(this, AutoencoderRows.Of(this, rows));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "kl", "latents", "samples", "reconstructions"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => AutoencoderCharts.Draw(name, history, result);

    private static void CheckLayers(IReadOnlyList<HiddenLayer> layers, Problems problems)
    {
        if (layers.Count > MaximumLayers) problems.Add($"must have at most {MaximumLayers} layers, had {layers.Count}");
        for (var i = 0; i < layers.Count; i++) layers[i].Check(problems.At(i));
    }
}
