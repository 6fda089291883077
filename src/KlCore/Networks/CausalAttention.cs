using KlCore.Numerics;

namespace KlCore.Networks;

/// <summary>
/// Attention of several heads in which a row sees the rows of its own sequence up to itself. A row that comes in holds queries, keys and values, each as
/// wide as the row that goes out and cut evenly into the heads: softmax over j up to i of q_i k_j / sqrt(d), times v_j, for heads of width d.
/// </summary>
/// <remarks>
/// Vaswani and others, Attention is all you need, NIPS 2017. What is kept for the backward pass are the weights of each head, rows by rows of one sequence;
/// rows are taken in blocks, and of what a block cannot see nothing is computed.
/// </remarks>
internal sealed class CausalAttention : Layer
{
    private const int BlockRows = 32;

    private readonly int _heads, _context;
    private FloatBuffer? _weights, _slopes;
    private int _length;

    /// <param name="width">Numbers in a row that goes out: a multiple of the heads.</param>
    /// <param name="heads">How many heads there are.</param>
    /// <param name="context">How many rows a sequence has at most.</param>
    public CausalAttention(int width, int heads, int context)
        : base(3 * width, width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(width % heads, 0);
        (_heads, _context) = (heads, context);
    }

    private int HeadWidth => Outputs / _heads;

    public override void Prepare(int maximumRows)
    {
        _weights = new FloatBuffer(checked(maximumRows * _heads * Math.Min(_context, maximumRows)));
        _slopes = new FloatBuffer(Math.Min(BlockRows, maximumRows) * Math.Min(_context, maximumRows));
    }

    public override void Forward(Batch input, Batch output, Pass pass)
    {
        _length = pass.SequenceRows == 0 ? input.Rows : pass.SequenceRows;
        for (var sequence = 0; sequence < input.Rows / _length; sequence++)
            for (var head = 0; head < _heads; head++)
                Forward(input, output, sequence, head);
    }

    public override void Backward(Batch input, Batch output, Batch outputGradient, Batch inputGradient, bool wantsInputGradient)
    {
        if (!wantsInputGradient) return;
        for (var sequence = 0; sequence < input.Rows / _length; sequence++)
            for (var head = 0; head < _heads; head++)
                Backward(input, outputGradient, inputGradient, sequence, head);
    }

    private void Forward(Batch input, Batch output, int sequence, int head)
    {
        var (d, wide) = (HeadWidth, Inputs);
        var x = input.Values[(sequence * _length * wide)..];
        Span<float> q = x[(head * d)..], k = x[(Outputs + head * d)..], v = x[(2 * Outputs + head * d)..];
        var y = output.Values[(sequence * _length * Outputs + head * d)..];
        var weights = Weights(sequence, head);
        var scale = (float)(1 / Math.Sqrt(d));
        for (var i = 0; i < _length; i += BlockRows)
        {
            var rows = Math.Min(BlockRows, _length - i);
            var seen = i + rows;
            var block = weights[(i * _length)..];
            MatrixProduct.Multiply(rows, seen, d, q[(i * wide)..], wide, false, k, wide, true, block, _length);
            MaskedSoftmax.Forward(block, _length, rows, i + 1, seen, scale);
            MatrixProduct.Multiply(rows, d, seen, block, _length, false, v, wide, false, y[(i * Outputs)..], Outputs);
        }
    }

    /// <summary>The gradients of keys and values gather what all blocks say of them; those of the last block, which sees all, come first.</summary>
    private void Backward(Batch input, Batch outputGradient, Batch inputGradient, int sequence, int head)
    {
        var (d, wide) = (HeadWidth, Inputs);
        Span<float> x = input.Values[(sequence * _length * wide)..], g = inputGradient.Values[(sequence * _length * wide)..];
        Span<float> q = x[(head * d)..], k = x[(Outputs + head * d)..], v = x[(2 * Outputs + head * d)..];
        Span<float> ofQueries = g[(head * d)..], ofKeys = g[(Outputs + head * d)..], ofValues = g[(2 * Outputs + head * d)..];
        var ofOutput = outputGradient.Values[(sequence * _length * Outputs + head * d)..];
        var weights = Weights(sequence, head);
        var slopes = _slopes!.Span;
        var scale = (float)(1 / Math.Sqrt(d));
        for (var i = (_length - 1) / BlockRows * BlockRows; i >= 0; i -= BlockRows)
        {
            var rows = Math.Min(BlockRows, _length - i);
            var seen = i + rows;
            var isFirst = seen == _length;
            var block = weights[(i * _length)..];
            var upper = ofOutput[(i * Outputs)..];
            MatrixProduct.Multiply(seen, d, rows, block, _length, true, upper, Outputs, false, ofValues, wide, !isFirst);
            MatrixProduct.Multiply(rows, seen, d, upper, Outputs, false, v, wide, true, slopes, seen);
            MaskedSoftmax.Backward(block, _length, slopes, seen, rows, i + 1, seen, scale);
            MatrixProduct.Multiply(rows, d, seen, slopes, seen, false, k, wide, false, ofQueries[(i * wide)..], wide);
            MatrixProduct.Multiply(seen, d, rows, slopes, seen, true, q[(i * wide)..], wide, false, ofKeys, wide, !isFirst);
        }
    }

    private Span<float> Weights(int sequence, int head) => _weights!.Span.Slice((sequence * _heads + head) * _length * _length, _length * _length);
}
