using System.Text.Json;
using KlCore.Formats;
using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Training.Autoencoder;

/// <summary>Turns a trained autoencoder into its result and its files.</summary>
internal sealed class AutoencoderReport(AutoencoderSpecification specification, AutoencoderRows rows, AutoencoderNetwork network)
{
    private const int MostJudged = 50_000, MostShown = 16, MostNumbersShown = 100_000;

    /// <summary>What the model's file is called.</summary>
    public const string FileName = "model.safetensors";

    private readonly EpochFigures _figures = new("", specification.LatentSize);
    private readonly List<double> _bounds = [];
    private double _squares;

    public TrainingOutcome Write(int epochs, int epoch, bool stoppedEarly)
    {
        Judge();
        var importance = ImportanceBound.Of(network, rows, specification.Seed);
        var result = new AutoencoderResult
        {
            JudgedOn = rows.HeldOut.Length > 0 ? "validation" : "training",
            JudgedRows = (int)_figures.Rows,
            Epochs = epochs,
            Epoch = epoch,
            StoppedEarly = stoppedEarly,
            Elbo = Measurement.MeanOf(_bounds, Method.MonteCarlo),
            ImportanceWeightedBound = Measurement.MeanOf(importance, Method.MonteCarlo),
            ImportanceSamples = ImportanceBound.Samples,
            ImportanceRows = importance.Length,
            Reconstruction = _figures.Reconstruction,
            Kl = _figures.Kl,
            RootMeanSquareError = Math.Sqrt(_squares / (_figures.Rows * rows.Width)),
            ActiveUnits = _figures.ActiveUnits,
            Latents = [.. Enumerable.Range(0, specification.LatentSize).Select(j => new LatentSummary(j, _figures.KlOf(j), _figures.VarianceOf(j), _figures.IsActive(j))).OrderByDescending(latent => latent.Kl)],
            NoiseStandardDeviation = specification.Reconstruction is GaussianReconstruction ? Math.Exp(network.LogNoise) : null,
            Scaling = rows.Scaling,
            ImageWidth = rows.ImageWidth,
            Samples = Draw(specification.Samples),
            Reconstructions = [.. Reconstruct()],
            Warnings = [.. Warnings()],
        };
        return new TrainingOutcome(result, [Model(), ReportJson.Report(result)])
        {
            Scores =
            [
                new("elbo", result.Elbo.Value, LargerIsBetter: true), new("importanceWeightedBound", result.ImportanceWeightedBound.Value, LargerIsBetter: true),
                new("reconstruction", result.Reconstruction), new("kl", result.Kl), new("rootMeanSquareError", result.RootMeanSquareError),
                new("activeUnits", result.ActiveUnits, LargerIsBetter: true),
            ],
        };
    }

    private void Judge()
    {
        var every = (rows.Judged.Length + MostJudged - 1) / MostJudged;
        int[] judged = [.. rows.Judged.Where((_, i) => i % every == 0)];
        for (var from = 0; from < judged.Length; from += AutoencoderRun.JudgedAtOnce)
        {
            var chosen = judged.AsSpan(from, Math.Min(AutoencoderRun.JudgedAtOnce, judged.Length - from));
            network.Reconstruct(rows, chosen, specification.Seed);
            var (code, output, input) = (network.Code(chosen.Length).Values.ToArray(), network.Output(chosen.Length).Values.ToArray(), network.Input(chosen.Length).Values.ToArray());
            for (var i = 0; i < chosen.Length; i++)
            {
                var own = new Batch(code.AsSpan(2 * i * specification.LatentSize, 2 * specification.LatentSize), 1, 2 * specification.LatentSize);
                var reconstruction = network.Reconstruction(new Batch(output.AsSpan(i * rows.Width, rows.Width), 1, rows.Width), new Batch(input.AsSpan(i * rows.Width, rows.Width), 1, rows.Width));
                _figures.Add(own, reconstruction);
                double kl = 0;
                for (var j = 0; j < specification.LatentSize; j++) kl += LatentDivergence.Of(own[0][j], own[0][specification.LatentSize + j]);
                _bounds.Add(-reconstruction - kl);
            }

            network.ToMeans(chosen.Length);
            for (var i = 0; i < chosen.Length; i++)
            {
                var means = network.Output(chosen.Length)[i];
                var row = rows.Scaled(chosen[i]);
                for (var j = 0; j < rows.Width; j++)
                {
                    var gap = rows.Scaling.Scale[j] * (means[j] - row[j]);
                    _squares += gap * gap;
                }
            }
        }
    }

    /// <summary>Rows made up: z from the prior, decoded.</summary>
    private double[][] Draw(int count)
    {
        var made = new double[count][];
        var stream = new RandomStream(specification.Seed, 0, "samples");
        for (var from = 0; from < count; from += network.MaximumRows)
        {
            var some = Math.Min(network.MaximumRows, count - from);
            foreach (ref var z in network.Latent(some).Values) z = (float)stream.NextNormal();
            network.Decode(some, Pass.Inference);
            network.ToMeans(some);
            for (var i = 0; i < some; i++) made[from + i] = rows.Scaling.Invert(network.Output(some)[i]);
        }

        return made;
    }

    private IEnumerable<Reconstructed> Reconstruct()
    {
        var shown = Math.Min(Math.Min(MostShown, rows.Judged.Length), Math.Max(1, MostNumbersShown / rows.Width));
        for (var i = 0; i < shown; i++)
        {
            var row = rows.Judged[(int)((long)i * rows.Judged.Length / shown)];
            rows.Gather([row], network.Input(1));
            var original = rows.Scaling.Invert(rows.Scaled(row));
            network.Encode(1, Pass.Inference);
            network.Code(1)[0][..specification.LatentSize].CopyTo(network.Latent(1)[0]);
            network.Decode(1, Pass.Inference);
            network.ToMeans(1);
            yield return new(row, original, rows.Scaling.Invert(network.Output(1)[0]));
        }
    }

    private IEnumerable<string> Warnings()
    {
        var silent = specification.LatentSize - _figures.ActiveUnits;
        if (silent > 0) yield return $"{silent} of {specification.LatentSize} latents say nothing of the row; if they should, annealing, freeBits or a smaller beta keep them alive";
        if (specification.Reconstruction is BernoulliReconstruction && rows.HasFractions)
            yield return "columns strictly between 0 and 1 have no density under bernoulli: its bounds compare models of the same data and scaling, and nothing else";
    }

    private Artifact Model() => new(FileName, "application/octet-stream", SafeTensors.Write([.. network.Parameters.ToTensors()], new Dictionary<string, string>
    {
        ["format"] = "variational-autoencoder",
        ["latentSize"] = $"{specification.LatentSize}",
        ["encoder"] = JsonSerializer.Serialize(Layers(specification.Encoder)),
        ["decoder"] = JsonSerializer.Serialize(Layers(specification.DecoderLayers)),
        ["reconstruction"] = specification.Reconstruction is GaussianReconstruction ? "gaussian" : "bernoulli",
        ["scaling"] = rows.Scaling.ToJson(),
    }));

    private static IEnumerable<object> Layers(IReadOnlyList<HiddenLayer> layers) =>
        layers.Select(layer => new { units = layer.Units, activation = JsonNamingPolicy.KebabCaseLower.ConvertName(layer.Activation.ToString()) });
}
