using KlCore.Networks;
using KlCore.Numerics;

namespace KlCore.Training.Autoencoder;

/// <summary>
/// Encoder, latents, decoder, with the memory for a batch. The encoder answers mu and ln sigma^2 of each latent; z = mu + sigma noise, which lets derivatives
/// through to both (the reparameterisation).
/// </summary>
internal sealed class AutoencoderNetwork
{
    private readonly ReconstructionLoss _reconstruction;
    private readonly int _width, _latents, _rows;
    private readonly LayerStack _encoder, _decoder;
    private readonly Parameter? _logNoise;
    private readonly FloatBuffer _input, _code, _codeGradient, _latent, _latentGradient, _noise, _output, _outputGradient;

    public AutoencoderNetwork(AutoencoderSpecification specification, int width, int rows)
    {
        (_reconstruction, _width, _latents, _rows) = (specification.Reconstruction, width, specification.LatentSize, rows);
        _encoder = Stack("encoder", width, specification.Encoder, 2 * _latents);
        _decoder = Stack("decoder", _latents, specification.DecoderLayers, width);
        if (_reconstruction.LearnsNoise) _logNoise = Parameters.Add("logNoise", 1);
        Parameters.Allocate();
        _encoder.Prepare(rows);
        _decoder.Prepare(rows);
        (_input, _output, _outputGradient) = (new(rows * width), new(rows * width), new(rows * width));
        (_code, _codeGradient) = (new(2 * rows * _latents), new(2 * rows * _latents));
        (_latent, _latentGradient, _noise) = (new(rows * _latents), new(rows * _latents), new(rows * _latents));
    }

    /// <summary>All that is learnt.</summary>
    public Parameters Parameters { get; } = new();

    /// <summary>How many rows a batch may have.</summary>
    public int MaximumRows => _rows;

    /// <summary>ln of the standard deviation of gaussian noise.</summary>
    public double LogNoise => _logNoise is null ? _reconstruction.InitialLogNoise : _logNoise.Values[0];

    /// <summary>Gives the parameters the values with which training begins.</summary>
    public void Initialize(long seed)
    {
        var stream = new RandomStream(seed, 0, "initial weights");
        _encoder.Initialize(stream);
        _decoder.Initialize(stream);
        if (_logNoise is not null) _logNoise.Values[0] = (float)_reconstruction.InitialLogNoise;
    }

    /// <summary>Where rows are put that are to be encoded.</summary>
    public Batch Input(int rows) => _input.Rows(rows, _width);

    /// <summary>mu of each latent, then ln sigma^2 of each, of the rows that were encoded last.</summary>
    public Batch Code(int rows) => _code.Rows(rows, 2 * _latents);

    /// <summary>Where latents are put that are to be decoded.</summary>
    public Batch Latent(int rows) => _latent.Rows(rows, _latents);

    /// <summary>What the decoder said last.</summary>
    public Batch Output(int rows) => _output.Rows(rows, _width);

    /// <summary>Standard normal numbers, one for each latent of each row.</summary>
    public Batch Noise(int rows) => _noise.Rows(rows, _latents);

    /// <summary>Encodes the input.</summary>
    public void Encode(int rows, Pass pass) => _encoder.Forward(Input(rows), Code(rows), pass);

    /// <summary>Decodes the latents.</summary>
    public void Decode(int rows, Pass pass) => _decoder.Forward(Latent(rows), Output(rows), pass);

    /// <summary>z = mu + sigma noise.</summary>
    public void Draw(int rows)
    {
        var code = Code(rows);
        var latent = Latent(rows);
        var noise = Noise(rows);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < _latents; j++)
                latent[i][j] = code[i][j] + MathF.Exp(0.5f * code[i][_latents + j]) * noise[i][j];
    }

    /// <summary>The mean of -ln p(x | z) over some rows.</summary>
    /// <param name="output">What the decoder said of them.</param>
    /// <param name="target">What they are.</param>
    public double Reconstruction(Batch output, Batch target) => _reconstruction.Evaluate(output, target, default, LogNoise, out _);

    /// <summary>Turns what the decoder said last into the means of x, in place.</summary>
    public void ToMeans(int rows) => _reconstruction.ToMeans(Output(rows).Values);

    /// <summary>Multiplications of decoding one row, roughly.</summary>
    public double DecodingWork => _decoder.Layers.Sum(layer => (double)layer.Inputs * layer.Outputs);

    /// <summary>Encodes some rows, draws a z of each and decodes it. A row that is judged is drawn the same noise each time, so that epochs can be compared.</summary>
    public void Reconstruct(AutoencoderRows rows, ReadOnlySpan<int> chosen, long seed)
    {
        rows.Gather(chosen, Input(chosen.Length));
        var noise = Noise(chosen.Length);
        for (var i = 0; i < chosen.Length; i++)
        {
            var stream = new RandomStream(seed, chosen[i], "judging noise");
            foreach (ref var number in noise[i]) number = (float)stream.NextNormal();
        }

        Encode(chosen.Length, Pass.Inference);
        Draw(chosen.Length);
        Decode(chosen.Length, Pass.Inference);
    }

    /// <summary>
    /// Forward and backward through both for a batch whose input and noise are in place: sets the gradient of reconstruction + beta sum_j max(freeBits, KL_j).
    /// Returns the mean reconstruction; the mean KL of each latent goes to <paramref name="kl"/>.
    /// </summary>
    public double Train(int rows, double beta, double freeBits, Pass pass, Span<double> kl)
    {
        Encode(rows, pass);
        Draw(rows);
        Decode(rows, pass);
        var output = Output(rows);
        var outputGradient = _outputGradient.Rows(rows, _width);
        var loss = _reconstruction.Evaluate(output, Input(rows), outputGradient, LogNoise, out var noiseGradient);
        if (_logNoise is not null) _logNoise.Gradient[0] = (float)noiseGradient;
        var latentGradient = _latentGradient.Rows(rows, _latents);
        _decoder.Backward(Latent(rows), output, outputGradient, latentGradient, wantsInputGradient: true);
        LatentDivergence.Means(Code(rows), kl);
        var codeGradient = _codeGradient.Rows(rows, 2 * _latents);
        PullThroughDraw(rows, latentGradient, codeGradient);
        LatentDivergence.AddGradient(Code(rows), kl, freeBits, beta, codeGradient);
        _encoder.Backward(Input(rows), Code(rows), codeGradient, default, wantsInputGradient: false);
        return loss;
    }

    private void PullThroughDraw(int rows, Batch latentGradient, Batch codeGradient)
    {
        var code = Code(rows);
        var noise = Noise(rows);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < _latents; j++)
            {
                var slope = latentGradient[i][j];
                codeGradient[i][j] = slope;
                codeGradient[i][_latents + j] = 0.5f * slope * noise[i][j] * MathF.Exp(0.5f * code[i][_latents + j]);
            }
        }
    }

    private LayerStack Stack(string name, int inputs, IReadOnlyList<HiddenLayer> hidden, int outputs)
    {
        var layers = new List<Layer>();
        var width = inputs;
        foreach (var layer in hidden)
        {
            layers.Add(new Dense(Parameters, $"{name}.{layers.Count}", width, layer.Units, layer.Activation));
            width = layer.Units;
        }

        layers.Add(new Dense(Parameters, $"{name}.{layers.Count}", width, outputs));
        return new LayerStack([.. layers]);
    }
}
