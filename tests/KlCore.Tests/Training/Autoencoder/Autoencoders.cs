using System.Text.Json;
using KlCore.Numerics;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.Autoencoder;

namespace KlCore.Tests.Training.Autoencoder;

/// <summary>Specifications as clients write them, data to learn from, and runs.</summary>
internal static class Autoencoders
{
    /// <summary>Pictures of four by four pixels: one bright line or column, with some noise; sixteen numbers from 0 to 1.</summary>
    public static double[][] Bars(int count)
    {
        var stream = new RandomStream(3, 0, "bars");
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var (line, isColumn) = (stream.NextIndex(4), stream.NextIndex(2) == 1);
            rows[i] = [.. Enumerable.Range(0, 16).Select(pixel => ((isColumn ? pixel % 4 : pixel / 4) == line ? 0.9 : 0) + 0.1 * stream.NextUniform())];
        }

        return rows;
    }

    public static string Json(double[][] rows, string more) => $$"""{ "kind": "autoencoder", "seed": 4, "data": { "rows": {{JsonSerializer.Serialize(rows)}} }, {{more}} }""";

    public static AutoencoderSpecification Read(string json) => (AutoencoderSpecification)Fits.Read(json);

    public static AutoencoderResult Run(AutoencoderSpecification specification) => (AutoencoderResult)Outcome(specification).Result;

    public static TrainingOutcome Outcome(AutoencoderSpecification specification)
    {
        using var run = specification.Start(Fits.NoInputs.Instance);
        while (!run.IsComplete) run.Step();
        return run.Finish();
    }
}
