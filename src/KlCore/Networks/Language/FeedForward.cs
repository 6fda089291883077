using KlCore.Numerics;

namespace KlCore.Networks.Language;

/// <summary>
/// The embeddings of the last tokens side by side, a hidden layer, and the logits of what follows them. Where there are fewer tokens, rows of the
/// embedding that stands for none fill the beginning.
/// </summary>
/// <remarks>Bengio, Ducharme, Vincent, Jauvin, A neural probabilistic language model, JMLR 3 (2003), without direct connections.</remarks>
internal sealed class FeedForward : TokenNetwork
{
    private readonly FeedForwardShape _shape;
    private readonly Embedding _tokens;
    private readonly LayerStack _stack;
    private FloatBuffer? _embedded, _embeddedGradient;

    /// <param name="parameters">Where it announces what it learns.</param>
    /// <param name="shape">How large it is.</param>
    /// <param name="purpose">Distinguishes what it leaves out at random from what its equals leave out that learn beside it.</param>
    public FeedForward(Parameters parameters, FeedForwardShape shape, string purpose = "")
        : base(shape.Vocabulary, shape.Context)
    {
        _shape = shape;
        _tokens = new Embedding(parameters, "embedding", shape.Vocabulary + 1, shape.Width);
        var hidden = new Dense(parameters, "hidden", shape.Context * shape.Width, shape.Hidden, shape.Activation);
        var output = new Dense(parameters, "output", shape.Hidden, shape.Vocabulary);
        _stack = shape.Dropout > 0
            ? new LayerStack(hidden, new Dropout($"drop{purpose}", shape.Hidden, shape.Dropout), output)
            : new LayerStack(hidden, output);
    }

    public override int RowsPerSequence => 1;

    public override bool IsPadded => true;

    public override void Initialize(RandomStream stream)
    {
        _tokens.Initialize(stream, Math.Sqrt(1.0 / _shape.Width));
        _stack.Initialize(stream);
    }

    public override void Prepare(int sequences)
    {
        _stack.Prepare(sequences);
        (_embedded, _embeddedGradient) = (new FloatBuffer(sequences * _stack.Inputs), new FloatBuffer(sequences * _stack.Inputs));
    }

    public override void Forward(ReadOnlySpan<int> tokens, int sequences, Batch logits, Pass pass)
    {
        _tokens.Forward(tokens, _embedded!.Rows(tokens.Length, _shape.Width));
        _stack.Forward(_embedded.Rows(sequences, _stack.Inputs), logits, pass);
    }

    public override void Backward(ReadOnlySpan<int> tokens, Batch logits, Batch logitsGradient)
    {
        var sequences = tokens.Length / Context;
        _stack.Backward(_embedded!.Rows(sequences, _stack.Inputs), logits, logitsGradient, _embeddedGradient!.Rows(sequences, _stack.Inputs), wantsInputGradient: true);
        _tokens.Backward(tokens, _embeddedGradient.Rows(tokens.Length, _shape.Width));
    }
}
