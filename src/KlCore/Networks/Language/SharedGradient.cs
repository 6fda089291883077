using KlCore.Numerics;

namespace KlCore.Networks.Language;

/// <summary>What a batch of sequences costs, with the derivative on the logits.</summary>
internal interface ISequenceLoss
{
    /// <summary>The mean over the rows; the logits become the derivative of that.</summary>
    /// <param name="part">Which of those that compute at the same time asks.</param>
    /// <param name="first">The first sequence of the batch that the logits are of.</param>
    /// <param name="sequences">How many sequences the logits are of.</param>
    /// <param name="logits">The rows of the sequences.</param>
    double Evaluate(int part, int first, int sequences, Batch logits);
}

/// <summary>
/// The gradient of a batch of sequences, by copies of a network that share its parameters: each takes a fixed part of the batch and has memory of its own,
/// and what they find is added in their order. So the bits are the same for any number of threads.
/// </summary>
internal sealed class SharedGradient : PartedWork
{
    private const int MaximumParts = 4;

    private readonly Parameters _parameters;
    private readonly (TokenNetwork Network, Parameters Parameters, FloatBuffer Logits)[] _copies;
    private readonly double[] _losses;
    private readonly ISequenceLoss _loss;
    private readonly int _vocabulary, _rows, _room;
    private int[] _tokens = [];
    private int _sequences, _length;
    private float _share;
    private bool _adds, _isAdding;
    private Pass _pass;

    /// <param name="parameters">What is learnt; receives the gradient. Its memory is laid out.</param>
    /// <param name="make">Makes a network that announces the same parameters; the text is for what it leaves out at random.</param>
    /// <param name="loss">What a batch costs.</param>
    /// <param name="sequences">How many sequences there are at once, at most.</param>
    public SharedGradient(Parameters parameters, Func<Parameters, string, TokenNetwork> make, ISequenceLoss loss, int sequences)
        : base(Math.Min(sequences, MaximumParts))
    {
        (_parameters, _loss) = (parameters, loss);
        _room = (sequences + Parts - 1) / Parts;
        _copies = new (TokenNetwork, Parameters, FloatBuffer)[Parts];
        for (var part = 0; part < Parts; part++)
        {
            var own = new Parameters();
            var network = make(own, $"/{part}");
            own.AllocateBeside(parameters);
            network.Prepare(_room);
            (_vocabulary, _rows) = (network.Vocabulary, network.RowsPerSequence);
            _copies[part] = (network, own, new FloatBuffer(_room * _rows * _vocabulary));
        }

        _losses = new double[Parts];
    }

    /// <summary>Computes the mean loss of some sequences, and sets the gradient to a share of its derivative, or adds that.</summary>
    /// <param name="tokens">Sequences of the full context one after the other, and perhaps more.</param>
    /// <param name="sequences">How many there are.</param>
    /// <param name="pass">Addresses what is left out at random.</param>
    /// <param name="share">What the derivative is multiplied with.</param>
    /// <param name="adds">Whether it is added.</param>
    /// <returns>The mean over all rows.</returns>
    public double Evaluate(int[] tokens, int sequences, Pass pass, double share = 1, bool adds = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequences, _room * Parts);
        (_tokens, _sequences, _length, _pass, _share, _adds) = (tokens, sequences, _copies[0].Network.Context, pass, (float)share, adds);
        _isAdding = false;
        Run();
        _isAdding = true;
        Run();
        double sum = 0;
        for (var part = 0; part < Parts; part++) sum += _losses[part] * CountOf(part);
        return sum / sequences;
    }

    /// <inheritdoc/>
    protected override void Do(int part)
    {
        if (_isAdding) Add(part);
        else if (CountOf(part) > 0) Evaluate(part);
    }

    private void Evaluate(int part)
    {
        var (network, _, buffer) = _copies[part];
        var (first, count) = (FirstOf(part), CountOf(part));
        var tokens = _tokens.AsSpan(first * _length, count * _length);
        var logits = buffer.Rows(count * _rows, _vocabulary);
        network.Forward(tokens, count, logits, _pass);
        _losses[part] = _loss.Evaluate(part, first, count, logits);
        network.Backward(tokens, logits, logits);
    }

    /// <summary>Adds the gradients of all copies, over one of as many pieces of the parameters.</summary>
    private void Add(int piece)
    {
        var length = (long)_parameters.Gradients.Length;
        var (from, to) = ((int)(length * piece / Parts), (int)(length * (piece + 1) / Parts));
        var sum = _parameters.Gradients[from..to];
        if (!_adds) sum.Clear();
        for (var part = 0; part < Parts; part++)
            if (CountOf(part) > 0) FloatLoop.Run(new PlusMultiple(_share * CountOf(part) / _sequences), _copies[part].Parameters.Gradients[from..to], sum, sum);
    }

    private int FirstOf(int part) => (int)((long)_sequences * part / Parts);

    private int CountOf(int part) => FirstOf(part + 1) - FirstOf(part);
}
