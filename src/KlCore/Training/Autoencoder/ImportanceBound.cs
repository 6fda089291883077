using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// ln (1/K) sum_k p(x | z_k) p(z_k) / q(z_k | x), z_k ~ q(z | x): the importance-weighted bound on ln p(x), which rises with K to ln p(x) itself.
/// </summary>
/// <remarks>Burda, Grosse, Salakhutdinov, Importance weighted autoencoders, ICLR 2016, equation 8.</remarks>
internal static class ImportanceBound
{
    /// <summary>K.</summary>
    public const int Samples = 64;

    private const double Work = 4e9;
    private const int FewestRows = 16;

    /// <summary>The bound of each of some rows: as many of the judged ones, spread evenly, as take a second or so.</summary>
    public static double[] Of(AutoencoderNetwork network, AutoencoderRows rows, long seed)
    {
        var affordable = (int)Math.Clamp(Work / (2 * Samples * network.DecodingWork), FewestRows, int.MaxValue);
        var bounds = new double[Math.Min(affordable, rows.Judged.Length)];
        for (var i = 0; i < bounds.Length; i++) bounds[i] = OfRow(network, rows, rows.Judged[(int)((long)i * rows.Judged.Length / bounds.Length)], seed);
        return bounds;
    }

    private static double OfRow(AutoencoderNetwork network, AutoencoderRows rows, int row, long seed)
    {
        rows.Gather([row], network.Input(1));
        network.Encode(1, Pass.Inference);
        var code = network.Code(1)[0].ToArray();
        var latents = code.Length / 2;
        var latent = network.Latent(Samples);
        var stream = new RandomStream(seed, row, "importance samples");
        Span<double> logWeights = stackalloc double[Samples];
        for (var k = 0; k < Samples; k++)
        {
            for (var j = 0; j < latents; j++)
            {
                var noise = stream.NextNormal();
                double z = latent[k][j] = (float)(code[j] + Math.Exp(0.5 * code[latents + j]) * noise);
                // ln p(z) - ln q(z | x); the terms with 2 pi cancel.
                logWeights[k] += 0.5 * (noise * noise + code[latents + j] - z * z);
            }
        }

        network.Decode(Samples, Pass.Inference);
        var output = network.Output(Samples);
        var target = network.Input(1);
        for (var k = 0; k < Samples; k++) logWeights[k] -= network.Reconstruction(new Batch(output[k], 1, output.Width), target);
        return LogSum.Of(logWeights).Log - Math.Log(Samples);
    }
}
