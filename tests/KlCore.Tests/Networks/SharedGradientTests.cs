using KlCore.Networks;
using KlCore.Networks.Language;
using KlCore.Networks.Objectives;
using KlCore.Numerics;

namespace KlCore.Tests.Networks;

/// <summary>A batch that copies of a network share must cost what it costs one network, with the same gradient and always the same bits.</summary>
public class SharedGradientTests
{
    private const int Vocabulary = 13, Context = 6, Sequences = 7;
    private static readonly TransformerShape Shape = new(Vocabulary, 2, 12, 3, Context);

    [Fact]
    public void Evaluate_OfABatch_IsThatOfOneNetwork()
    {
        var (tokens, targets) = Text();
        var parameters = Initialized(out var network);
        network.Prepare(Sequences);
        var logits = new Batch(new float[targets.Length * Vocabulary], targets.Length, Vocabulary);
        network.Forward(tokens, Sequences, logits, new Pass(true));
        var expectedLoss = SoftmaxCrossEntropy.Evaluate(logits, targets, logits);
        network.Backward(tokens, logits, logits);
        var expected = parameters.Gradients.ToArray();

        var shared = new SharedGradient(parameters, (own, _) => new Transformer(own, Shape), new LossOfText(targets), Sequences);
        Assert.Equal(expectedLoss, shared.Evaluate(tokens, Sequences, new Pass(true)), 1e-6);
        Compare(expected, parameters.Gradients);
        // Half of it, and the other half on top.
        shared.Evaluate(tokens, Sequences, new Pass(true), share: 0.25);
        shared.Evaluate(tokens, Sequences, new Pass(true), share: 0.75, adds: true);
        Compare(expected, parameters.Gradients);
    }

    [Fact]
    public void Evaluate_OfFewerSequencesThanParts_LeavesNothingOfTheOthers()
    {
        var (tokens, targets) = Text();
        var parameters = Initialized(out _);
        var shared = new SharedGradient(parameters, (own, _) => new Transformer(own, Shape), new LossOfText(targets), Sequences);
        shared.Evaluate(tokens, Sequences, new Pass(true));
        var loss = shared.Evaluate(tokens[..(2 * Context)], 2, new Pass(true));
        var gradient = parameters.Gradients.ToArray();
        var fresh = new SharedGradient(parameters, (own, _) => new Transformer(own, Shape), new LossOfText(targets), 2);
        Assert.Equal(loss, fresh.Evaluate(tokens[..(2 * Context)], 2, new Pass(true)), 1e-6);
        Compare(gradient, parameters.Gradients);
    }

    [Fact]
    public void Evaluate_Repeated_GivesTheSameBits()
    {
        var (tokens, targets) = Text();
        var parameters = Initialized(out _);
        var shape = Shape with { Dropout = 0.2 };
        var shared = new SharedGradient(parameters, (own, purpose) => new Transformer(own, shape, purpose), new LossOfText(targets), Sequences);
        var loss = shared.Evaluate(tokens, Sequences, new Pass(true, 3, 4));
        var first = parameters.Gradients.ToArray();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(loss, shared.Evaluate(tokens, Sequences, new Pass(true, 3, 4)));
            Assert.Equal(first, parameters.Gradients.ToArray());
        }

        Assert.NotEqual(loss, shared.Evaluate(tokens, Sequences, new Pass(true, 3, 5)));
    }

    [Fact]
    public void Evaluate_Repeated_AllocatesNothing()
    {
        var (tokens, targets) = Text();
        var shared = new SharedGradient(Initialized(out _), (own, _) => new Transformer(own, Shape), new LossOfText(targets), Sequences);
        for (var i = 0; i < 20; i++) shared.Evaluate(tokens, Sequences, new Pass(true));
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            shared.Evaluate(tokens, Sequences, new Pass(true));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Evaluate_WhereAPartFails_ThrowsAndGoesOn()
    {
        var (tokens, targets) = Text();
        var loss = new LossOfText(targets) { Fails = true };
        var shared = new SharedGradient(Initialized(out _), (own, _) => new Transformer(own, Shape), loss, Sequences);
        Assert.Throws<InvalidOperationException>(() => shared.Evaluate(tokens, Sequences, new Pass(true)));
        loss.Fails = false;
        Assert.True(shared.Evaluate(tokens, Sequences, new Pass(true)) > 0);
    }

    private static Parameters Initialized(out Transformer network)
    {
        var parameters = new Parameters();
        network = new Transformer(parameters, Shape);
        parameters.Allocate();
        network.Initialize(new RandomStream(1, 0, "test"));
        return parameters;
    }

    private static (int[] Tokens, int[] Targets) Text()
    {
        var stream = new RandomStream(2, 0, "text");
        return ([.. Enumerable.Range(0, Sequences * Context).Select(_ => stream.NextIndex(Vocabulary))], [.. Enumerable.Range(0, Sequences * Context).Select(_ => stream.NextIndex(Vocabulary))]);
    }

    private static void Compare(float[] expected, Span<float> actual)
    {
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    private sealed class LossOfText(int[] targets) : ISequenceLoss
    {
        public bool Fails { get; set; }

        public double Evaluate(int part, int first, int sequences, Batch logits) =>
            Fails && part == 1 ? throw new NotSupportedException() : SoftmaxCrossEntropy.Evaluate(logits, targets.AsSpan(first * Context, logits.Rows), logits);
    }
}
