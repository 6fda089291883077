using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Networks;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// Each column is normal about the decoder's output with one standard deviation s for all of them: -ln p = sum (x - y)^2 / (2 s^2) + ln s + ln(2 pi)/2, the squared
/// error with its own scale. Without a given s it is learnt: a fixed 1 would call everything finer than the spread of the data noise.
/// </summary>
/// <remarks>Rybkin, Daniilidis, Levine, Simple and effective VAE training with calibrated decoders, ICML 2021.</remarks>
public sealed record GaussianReconstruction : ReconstructionLoss
{
    private const double HalfLogTwoPi = 0.918938533204672741780330;

    /// <summary>s, in units of the scaled columns; learnt if not given.</summary>
    [Range(0, 1e6, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StandardDeviation { get; init; }

    internal override bool LearnsNoise => StandardDeviation is null;

    internal override bool NeedsUnitInterval => false;

    internal override double InitialLogNoise => Math.Log(StandardDeviation ?? 1);

    internal override Scaling UsualScaling(bool isPicture) => isPicture ? Scaling.CommonRange : Scaling.Standard;

    internal override double Evaluate(Batch outputs, Batch targets, Batch gradient, double logNoise, out double noiseGradient)
    {
        var precision = Math.Exp(-2 * logNoise);
        var scale = (float)(precision / outputs.Rows);
        double squares = 0;
        for (var i = 0; i < outputs.Values.Length; i++)
        {
            var gap = outputs.Values[i] - targets.Values[i];
            squares += (double)gap * gap;
            if (!gradient.Values.IsEmpty) gradient.Values[i] = scale * gap;
        }

        noiseGradient = outputs.Width - precision * squares / outputs.Rows;
        return 0.5 * precision * squares / outputs.Rows + outputs.Width * (logNoise + HalfLogTwoPi);
    }

    internal override void ToMeans(Span<float> outputs)
    {
    }
}
