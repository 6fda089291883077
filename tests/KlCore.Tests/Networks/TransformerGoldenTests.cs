using System.Text.Json;
using KlCore.Formats;
using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Networks.Objectives;

namespace KlCore.Tests.Networks;

/// <summary>Layer norm, attention and whole networks over tokens against PyTorch in float64 (Reference/transformers.py).</summary>
public class TransformerGoldenTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "transformers.json"))).RootElement;

    [Fact]
    public void LayerNorm_IsPyTorchs()
    {
        var parameters = new Parameters();
        CompareLayer(Root.GetProperty("layerNorm"), new LayerNorm(parameters, "n", 21), parameters, Pass.Inference);
    }

    [Fact]
    public void CausalAttention_OfTwoSequencesLongerThanABlock_IsPyTorchs() =>
        CompareLayer(Root.GetProperty("attention"), new CausalAttention(8, 2, 35), new Parameters(), Pass.Inference with { SequenceRows = 35 });

    [Fact]
    public void Transformer_WithTiedWeights_IsPyTorchs() => CompareNetwork("tied", 3, parameters => new Transformer(parameters, new(11, 2, 8, 2, 5)));

    [Fact]
    public void Transformer_WithAHeadOfItsOwn_IsPyTorchs() => CompareNetwork("untied", 3, parameters => new Transformer(parameters, new(11, 1, 8, 2, 5, IsTied: false)));

    [Fact]
    public void FeedForward_IsPyTorchs() => CompareNetwork("feedForward", 3, parameters => new FeedForward(parameters, new(11, 4, 3, 7)));

    [Fact]
    public void Transformer_OfTheLastRows_GivesTheirLogitsOnly()
    {
        var golden = Root.GetProperty("tied");
        var (network, _) = Load(golden, 3, parameters => new Transformer(parameters, new(11, 2, 8, 2, 5)));
        var logits = new float[3 * 2 * 11];
        network.Forward(Integers(golden, "tokens"), 3, new Batch(logits, 6, 11), Pass.Inference);
        var all = Numbers(golden, "logits");
        for (var row = 0; row < 6; row++)
            for (var i = 0; i < 11; i++) Assert.Equal(all[(row / 2 * 5 + 3 + row % 2) * 11 + i], logits[row * 11 + i], 1e-5);
    }

    [Fact]
    public void Transformer_OfAShorterSequence_SaysWhatItSaysWithinALongerOne()
    {
        var golden = Root.GetProperty("tied");
        var (network, _) = Load(golden, 3, parameters => new Transformer(parameters, new(11, 2, 8, 2, 5)));
        var logits = new float[3 * 11];
        network.Forward(Integers(golden, "tokens").AsSpan(5, 3), 1, new Batch(logits, 3, 11), Pass.Inference);
        var all = Numbers(golden, "logits");
        for (var i = 0; i < logits.Length; i++) Assert.Equal(all[5 * 11 + i], logits[i], 1e-5);
    }

    private static void CompareNetwork(string name, int sequences, Func<Parameters, TokenNetwork> make)
    {
        var golden = Root.GetProperty(name);
        var (network, parameters) = Load(golden, sequences, make);
        var (tokens, targets) = (Integers(golden, "tokens"), Integers(golden, "targets"));
        float[] logits = new float[targets.Length * network.Vocabulary], gradient = new float[logits.Length];
        Batch output = new(logits, targets.Length, network.Vocabulary), slopes = new(gradient, targets.Length, network.Vocabulary);
        // Twice, since a backward pass must not add to the one before.
        for (var i = 0; i < 2; i++)
        {
            network.Forward(tokens, sequences, output, new Pass(true));
            Assert.Equal(golden.GetProperty("loss").GetDouble(), SoftmaxCrossEntropy.Evaluate(output, targets, slopes), 1e-5);
            network.Backward(tokens, output, slopes);
        }

        Compare(Numbers(golden, "logits"), logits, 1e-5);
        var expected = golden.GetProperty("parameters");
        foreach (var parameter in parameters.All)
        {
            parameter.Gradient.CopyTo(parameter.Values);
            Compare(Numbers(expected.GetProperty(FileName(parameter.Name)), "gradient"), parameter.ToTensor("").Values, 1e-5);
        }

        Assert.Equal(expected.EnumerateObject().Count(), parameters.All.Count);
    }

    private static (TokenNetwork, Parameters) Load(JsonElement golden, int sequences, Func<Parameters, TokenNetwork> make)
    {
        var parameters = new Parameters();
        var network = make(parameters);
        parameters.Allocate();
        network.Prepare(sequences);
        var tensors = golden.GetProperty("parameters").EnumerateObject().ToDictionary(
            tensor => tensor.Name, tensor => new Tensor(tensor.Name, Integers(tensor.Value, "shape"), Numbers(tensor.Value, "values")));
        foreach (var parameter in parameters.All) parameter.Load(tensors[FileName(parameter.Name)]);
        return (network, parameters);
    }

    private static void CompareLayer(JsonElement golden, Layer layer, Parameters parameters, Pass pass)
    {
        parameters.Allocate();
        var inputs = golden.GetProperty("inputs").EnumerateArray().Select(Floats).ToArray();
        for (var i = 0; i < parameters.All.Count; i++) inputs[i + 1].CopyTo(parameters.All[i].Values);
        var rows = inputs[0].Length / layer.Inputs;
        layer.Prepare(rows);
        float[] output = new float[rows * layer.Outputs], gradient = new float[inputs[0].Length];
        Batch x = new(inputs[0], rows, layer.Inputs), y = new(output, rows, layer.Outputs);
        layer.Forward(x, y, pass with { IsTraining = true });
        Compare(Numbers(golden, "output"), output, 2e-6);
        layer.Backward(x, y, new Batch(Floats(golden.GetProperty("outputGradient")), rows, layer.Outputs), new Batch(gradient, rows, layer.Inputs), true);
        var expected = golden.GetProperty("gradients").EnumerateArray().Select(Doubles).ToArray();
        Compare(expected[0], gradient, 5e-6);
        for (var i = 0; i < parameters.All.Count; i++) Compare(expected[i + 1], parameters.All[i].Gradient.ToArray(), 5e-6);
    }

    private static void Compare(double[] expected, IEnumerable<float> actual, double tolerance) => Compare(expected, actual.Select(value => (double)value), tolerance);

    private static void Compare(double[] expected, IEnumerable<double> actual, double tolerance)
    {
        var values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }

    private static string FileName(string name) => name.Replace(".weights", ".weight", StringComparison.Ordinal);

    private static int[] Integers(JsonElement golden, string name) => [.. golden.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];

    private static double[] Numbers(JsonElement golden, string name) => Doubles(golden.GetProperty(name));

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetSingle())];
}
