using KlCore.Formats;
using KlCore.Networks;
using KlCore.Training.Supervised;

namespace KlCore.Training.Autoencoder;

/// <summary>What an autoencoder says of rows that it is asked about.</summary>
/// <param name="Means">The mean of each latent, for each row.</param>
/// <param name="StandardDeviations">Its standard deviation.</param>
/// <param name="Kl">KL(q(z | x) || p(z)) of each row, all latents together, in nats.</param>
/// <param name="Reconstructions">What the decoder makes of the means, in the columns' own units.</param>
/// <param name="RootMeanSquareErrors">How far each row is from what came back of it, in the columns' own units: large for rows unlike those that trained.</param>
public sealed record EncodedRows(double[][] Means, double[][] StandardDeviations, double[] Kl, double[][] Reconstructions, double[] RootMeanSquareErrors)
{
    private const double MaximumWork = 1e11;

    internal static EncodedRows Of(AutoencoderSpecification specification, PredictionRequest request, FinishedTraining training, ITrainingInputs inputs)
    {
        var file = training.Artifact(AutoencoderReport.FileName) ?? throw new NotComputableException("model-gone", "The job's model is not there any more.");
        var scaling = ColumnScaling.FromJson(SafeTensors.ReadMetadata(file)["scaling"]);
        var rows = PredictionInputs.Rows(request, scaling.Shift.Length, specification.Data.Source(), inputs);
        var work = AutoencoderCost.Of(specification, scaling.Shift.Length, rows.Length).Parameters * 2 * rows.Length;
        if (work > MaximumWork) throw new TooCostlyException($"The model would take some {work:G2} operations for {rows.Length} rows, and {MaximumWork:G2} are allowed in one request. Ask for fewer rows at a time.");
        var network = new AutoencoderNetwork(specification, scaling.Shift.Length, Math.Min(rows.Length, AutoencoderRun.JudgedAtOnce));
        network.Parameters.Load(SafeTensors.Read(file));
        var found = new EncodedRows(new double[rows.Length][], new double[rows.Length][], new double[rows.Length], new double[rows.Length][], new double[rows.Length]);
        for (var from = 0; from < rows.Length; from += network.MaximumRows)
            found.Fill(specification, scaling, network, rows, from, Math.Min(network.MaximumRows, rows.Length - from));
        return found;
    }

    private void Fill(AutoencoderSpecification specification, ColumnScaling scaling, AutoencoderNetwork network, double[][] rows, int from, int count)
    {
        var input = network.Input(count);
        for (var i = 0; i < count; i++) scaling.Apply(rows[from + i], input[i], specification.Reconstruction.NeedsUnitInterval);
        network.Encode(count, Pass.Inference);
        var (code, latents) = (network.Code(count).Values.ToArray(), specification.LatentSize);
        var latent = network.Latent(count);
        for (var i = 0; i < count; i++)
        {
            var own = code.AsSpan(2 * i * latents, 2 * latents);
            own[..latents].CopyTo(latent[i]);
            Means[from + i] = [.. own[..latents].ToArray().Select(mean => (double)mean)];
            StandardDeviations[from + i] = [.. own[latents..].ToArray().Select(logVariance => Math.Exp(0.5 * logVariance))];
            for (var j = 0; j < latents; j++) Kl[from + i] += LatentDivergence.Of(own[j], own[latents + j]);
        }

        network.Decode(count, Pass.Inference);
        network.ToMeans(count);
        for (var i = 0; i < count; i++)
        {
            var back = Reconstructions[from + i] = scaling.Invert(network.Output(count)[i]);
            RootMeanSquareErrors[from + i] = Math.Sqrt(back.Zip(rows[from + i], (a, b) => (a - b) * (a - b)).Average());
            if (double.IsNaN(Kl[from + i] + RootMeanSquareErrors[from + i]) || back.Any(double.IsNaN) || Means[from + i].Any(double.IsNaN))
                throw new NotComputableException("overflow", $"Row {from + i} is so far from the rows that the model was trained with that its numbers overflow.");
        }
    }
}
