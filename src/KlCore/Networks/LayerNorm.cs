using System.Numerics;
using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>
/// Each row is brought to mean 0 and variance 1, then scaled and shifted by what is learnt: y = (x - mean) / sqrt(variance + 1e-5) * weight + bias, with
/// the variance over the width, not over one less.
/// </summary>
/// <remarks>Ba, Kiros, Hinton, Layer normalization, 2016; the constant is PyTorch's.</remarks>
internal sealed class LayerNorm(Parameters parameters, string name, int width) : Layer(width, width)
{
    private const float Epsilon = 1e-5f;

    private readonly Parameter _weight = parameters.Add($"{name}.weight", width);
    private readonly Parameter _bias = parameters.Add($"{name}.bias", width);
    private FloatBuffer? _means, _scales;

    public override void Initialize(RandomStream stream)
    {
        _weight.Values.Fill(1);
        _bias.Values.Clear();
    }

    public override void Prepare(int maximumRows) => (_means, _scales) = (new FloatBuffer(maximumRows), new FloatBuffer(maximumRows));

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        Span<float> means = _means!.Span, scales = _scales!.Span;
        ReadOnlySpan<float> weight = _weight.Values, bias = _bias.Values;
        for (var row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<float> x = input[row];
            var mean = (float)(Sum(x) / x.Length);
            var scale = (float)(1 / Math.Sqrt(Squares(x, mean) / x.Length + Epsilon));
            (means[row], scales[row]) = (mean, scale);
            Scale(x, mean, scale, weight, bias, output[row]);
        }
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        Span<float> means = _means!.Span, scales = _scales!.Span;
        ReadOnlySpan<float> weight = _weight.Values;
        Span<float> weightGradient = _weight.Gradient, biasGradient = _bias.Gradient;
        weightGradient.Clear();
        biasGradient.Clear();
        for (var row = 0; row < input.Rows; row++)
        {
            ReadOnlySpan<float> x = input[row], g = outputGradient[row];
            var (mean, scale) = (means[row], scales[row]);
            Accumulate(x, g, mean, scale, weightGradient, biasGradient);
            if (wantsInputGradient) ThroughRow(x, g, mean, scale, weight, inputGradient[row]);
        }
    }

    private static double Sum(ReadOnlySpan<float> x)
    {
        var lanes = Vector<float>.Zero;
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count) lanes += new Vector<float>(x[i..]);
        double sum = Vector.Sum(lanes);
        for (; i < x.Length; i++) sum += x[i];
        return sum;
    }

    private static double Squares(ReadOnlySpan<float> x, float mean)
    {
        var (lanes, centre) = (Vector<float>.Zero, new Vector<float>(mean));
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(x[i..]) - centre;
            lanes += difference * difference;
        }

        double sum = Vector.Sum(lanes);
        for (; i < x.Length; i++) sum += (x[i] - mean) * (x[i] - mean);
        return sum;
    }

    private static void Scale(ReadOnlySpan<float> x, float mean, float scale, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y)
    {
        var (centre, factor) = (new Vector<float>(mean), new Vector<float>(scale));
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
            ((new Vector<float>(x[i..]) - centre) * factor * new Vector<float>(weight[i..]) + new Vector<float>(bias[i..])).CopyTo(y[i..]);
        for (; i < x.Length; i++) y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
    }

    private static void Accumulate(ReadOnlySpan<float> x, ReadOnlySpan<float> g, float mean, float scale, Span<float> weightGradient, Span<float> biasGradient)
    {
        var (centre, factor) = (new Vector<float>(mean), new Vector<float>(scale));
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var slope = new Vector<float>(g[i..]);
            (new Vector<float>(weightGradient[i..]) + slope * ((new Vector<float>(x[i..]) - centre) * factor)).CopyTo(weightGradient[i..]);
            (new Vector<float>(biasGradient[i..]) + slope).CopyTo(biasGradient[i..]);
        }

        for (; i < x.Length; i++)
        {
            weightGradient[i] += g[i] * ((x[i] - mean) * scale);
            biasGradient[i] += g[i];
        }
    }

    /// <summary>With h = g weight and the normalised n: scale (h - mean(h) - n mean(h n)).</summary>
    private static void ThroughRow(ReadOnlySpan<float> x, ReadOnlySpan<float> g, float mean, float scale, ReadOnlySpan<float> weight, Span<float> result)
    {
        var (centre, factor) = (new Vector<float>(mean), new Vector<float>(scale));
        var (sums, products) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var h = new Vector<float>(g[i..]) * new Vector<float>(weight[i..]);
            sums += h;
            products += h * ((new Vector<float>(x[i..]) - centre) * factor);
        }

        double sum = Vector.Sum(sums), product = Vector.Sum(products);
        for (; i < x.Length; i++)
        {
            sum += g[i] * weight[i];
            product += g[i] * weight[i] * ((x[i] - mean) * scale);
        }

        var (level, slope) = ((float)(sum / x.Length), (float)(product / x.Length));
        var (levels, slopes) = (new Vector<float>(level), new Vector<float>(slope));
        for (i = 0; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var h = new Vector<float>(g[i..]) * new Vector<float>(weight[i..]);
            (factor * (h - levels - (new Vector<float>(x[i..]) - centre) * factor * slopes)).CopyTo(result[i..]);
        }

        for (; i < x.Length; i++) result[i] = scale * (g[i] * weight[i] - level - (x[i] - mean) * scale * slope);
    }
}
