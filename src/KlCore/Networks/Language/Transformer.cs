using KlCore.Numerics;

namespace KlCore.Networks.Language;

/// <summary>
/// A decoder of the kind of GPT-2: embeddings of token and position, blocks x + attention(norm x), x + perceptron(norm x) with a hidden layer four times as wide and
/// GELU, a last norm, and logits without a bias. Its tensors bear the names of nanoGPT.
/// </summary>
/// <remarks>
/// Radford and others, Language models are unsupervised multitask learners, 2019. Weights begin normal with the deviation 1 / sqrt(width), which small
/// networks learn better from than from GPT-2's 0.02; those that write to the stream, as there, smaller by sqrt(2 layers).
/// </remarks>
internal sealed class Transformer : TokenNetwork
{
    private readonly TransformerShape _shape;
    private readonly Embedding _tokens, _positions;
    private readonly Dropout? _dropout;
    private readonly LayerStack _stack;
    private readonly Parameter? _head;
    private readonly List<Dense> _inner = [], _writing = [];
    private FloatBuffer? _embedded, _embeddedGradient, _hidden, _hiddenGradient;
    private int _length;

    /// <param name="parameters">Where it announces what it learns.</param>
    /// <param name="shape">How large it is.</param>
    /// <param name="purpose">Distinguishes what it leaves out at random from what its equals leave out that learn beside it.</param>
    public Transformer(Parameters parameters, TransformerShape shape, string purpose = "")
        : base(shape.Vocabulary, shape.Context)
    {
        _shape = shape;
        _tokens = new Embedding(parameters, "transformer.wte", shape.Vocabulary, shape.Width);
        _positions = new Embedding(parameters, "transformer.wpe", shape.Context, shape.Width);
        _dropout = shape.Dropout > 0 ? new Dropout($"transformer.drop{purpose}", shape.Width, shape.Dropout) : null;
        var layers = Enumerable.Range(0, shape.Layers).SelectMany(i => Block(parameters, $"transformer.h.{i}", purpose));
        _stack = new LayerStack([.. layers, new LayerNorm(parameters, "transformer.ln_f", shape.Width)]);
        _head = shape.IsTied ? null : parameters.AddWeights("lm_head.weights", shape.Width, shape.Vocabulary);
    }

    public override int RowsPerSequence => Context;

    public override bool IsPadded => false;

    public override void Initialize(RandomStream stream)
    {
        var deviation = Math.Sqrt(1.0 / _shape.Width);
        // Norms and biases; the weights of the others are drawn anew.
        _stack.Initialize(stream);
        _tokens.Initialize(stream, deviation);
        _positions.Initialize(stream, deviation);
        foreach (var dense in _inner) FillNormal(dense.Weights, stream, deviation);
        foreach (var dense in _writing) FillNormal(dense.Weights, stream, deviation / Math.Sqrt(2 * _shape.Layers));
        if (_head is not null) FillNormal(_head, stream, deviation);
    }

    public override void Prepare(int sequences)
    {
        var rows = sequences * Context;
        _stack.Prepare(rows);
        _dropout?.Prepare(rows);
        (_embedded, _embeddedGradient) = (new FloatBuffer(rows * _shape.Width), new FloatBuffer(rows * _shape.Width));
        (_hidden, _hiddenGradient) = (new FloatBuffer(rows * _shape.Width), new FloatBuffer(rows * _shape.Width));
    }

    public override void Forward(ReadOnlySpan<int> tokens, int sequences, Batch logits, Pass pass)
    {
        _length = tokens.Length / sequences;
        pass = pass with { SequenceRows = _length };
        var embedded = _embedded!.Rows(tokens.Length, _shape.Width);
        _tokens.Forward(tokens, embedded);
        for (var row = 0; row < tokens.Length; row += _length) Add(_positions.Rows.Values, embedded.Values.Slice(row * _shape.Width, _length * _shape.Width));
        _dropout?.Forward(embedded, embedded, pass);
        var hidden = _hidden!.Rows(tokens.Length, _shape.Width);
        _stack.Forward(embedded, hidden, pass);
        var wanted = logits.Rows / sequences;
        if (wanted == _length)
            Head(hidden.Values, logits.Rows, logits.Values);
        else
            for (var i = 0; i < sequences; i++) Head(hidden.Values[(((i + 1) * _length - wanted) * _shape.Width)..], wanted, logits.Values[(i * wanted * Vocabulary)..]);
    }

    public override void Backward(ReadOnlySpan<int> tokens, Batch logits, Batch logitsGradient)
    {
        var (width, rows) = (_shape.Width, tokens.Length);
        Batch hidden = _hidden!.Rows(rows, width), hiddenGradient = _hiddenGradient!.Rows(rows, width);
        Batch embedded = _embedded!.Rows(rows, width), embeddedGradient = _embeddedGradient!.Rows(rows, width);
        if (_head is null)
        {
            MatrixProduct.Multiply(Vocabulary, width, rows, logitsGradient.Values, Vocabulary, true, hidden.Values, width, false, _tokens.Rows.Gradient, width);
            MatrixProduct.Multiply(rows, width, Vocabulary, logitsGradient.Values, Vocabulary, false, _tokens.Rows.Values, width, false, hiddenGradient.Values, width);
        }
        else
        {
            MatrixProduct.Multiply(width, Vocabulary, rows, hidden.Values, width, true, logitsGradient.Values, Vocabulary, false, _head.Gradient, Vocabulary);
            MatrixProduct.Multiply(rows, width, Vocabulary, logitsGradient.Values, Vocabulary, false, _head.Values, Vocabulary, true, hiddenGradient.Values, width);
        }

        _stack.Backward(embedded, hidden, hiddenGradient, embeddedGradient, wantsInputGradient: true);
        _dropout?.Backward(embedded, embedded, embeddedGradient, embeddedGradient, wantsInputGradient: true);
        _tokens.Backward(tokens, embeddedGradient, adds: _head is null);
        var positions = _positions.Rows.Gradient;
        positions.Clear();
        for (var row = 0; row < rows; row += _length) Add(embeddedGradient.Values[(row * width)..], positions[..(_length * width)]);
    }

    private void Head(Span<float> hidden, int rows, Span<float> logits)
    {
        if (_head is null) MatrixProduct.Multiply(rows, Vocabulary, _shape.Width, hidden, _shape.Width, false, _tokens.Rows.Values, _shape.Width, true, logits, Vocabulary);
        else MatrixProduct.Multiply(rows, Vocabulary, _shape.Width, hidden, _shape.Width, false, _head.Values, Vocabulary, false, logits, Vocabulary);
    }

    private static void Add(ReadOnlySpan<float> what, Span<float> to) => FloatLoop.Run(new Plus(), what, to, to);

    private Layer[] Block(Parameters parameters, string name, string purpose)
    {
        var width = _shape.Width;
        var first = new LayerNorm(parameters, $"{name}.ln_1", width);
        var asking = new Dense(parameters, $"{name}.attn.c_attn", width, 3 * width);
        var answering = new Dense(parameters, $"{name}.attn.c_proj", width, width);
        var second = new LayerNorm(parameters, $"{name}.ln_2", width);
        var widening = new Dense(parameters, $"{name}.mlp.c_fc", width, 4 * width, Activation.Gelu);
        var narrowing = new Dense(parameters, $"{name}.mlp.c_proj", 4 * width, width);
        _inner.AddRange([asking, widening]);
        _writing.AddRange([answering, narrowing]);
        return
        [
            Branch($"{name}.attn.drop{purpose}", first, asking, new CausalAttention(width, _shape.Heads, _shape.Context), answering),
            Branch($"{name}.mlp.drop{purpose}", second, widening, narrowing),
        ];
    }

    private Residual Branch(string dropout, params Layer[] layers) =>
        new(new LayerStack(_shape.Dropout > 0 ? [.. layers, new Dropout(dropout, _shape.Width, _shape.Dropout)] : layers));
}
