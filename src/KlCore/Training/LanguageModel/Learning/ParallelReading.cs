using KlCore.Numerics;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>Reads many pieces of a text at once, by readers that share their network's parameters. What is read does not depend on who reads it.</summary>
internal sealed class ParallelReading(NetworkReader[] readers, int vocabulary) : PartedWork(readers.Length)
{
    private readonly List<Call> _calls = [];
    private int[] _stream = [];
    private float[] _rows = [];
    private double[]? _scores;

    /// <summary>One call of a reader: it is given stream[Start..End], and what it says of what follows the first tokens of these, and so on, goes to rows from Row on.</summary>
    public readonly record struct Call(int Start, int End, int First, int Row);

    /// <summary>Fills rows with ln p of every token.</summary>
    public void Predict(int[] stream, IEnumerable<Call> calls, float[] rows)
    {
        (_stream, _rows, _scores) = (stream, rows, null);
        Take(calls);
    }

    /// <summary>Fills scores with ln p of the tokens that did follow.</summary>
    public void Score(int[] stream, IEnumerable<Call> calls, double[] scores)
    {
        (_stream, _scores) = (stream, scores);
        Take(calls);
    }

    /// <inheritdoc/>
    protected override void Do(int part)
    {
        for (var i = part; i < _calls.Count; i += Parts)
        {
            var call = _calls[i];
            var tokens = _stream.AsSpan(call.Start, call.End - call.Start);
            var count = tokens.Length - call.First + 1;
            if (_scores is null) readers[part].Predict(tokens, call.First, _rows.AsSpan(call.Row * vocabulary, count * vocabulary));
            else readers[part].Score(tokens, call.First, _stream[call.End], _scores.AsSpan(call.Row, count));
        }
    }

    private void Take(IEnumerable<Call> calls)
    {
        _calls.Clear();
        _calls.AddRange(calls);
        Run();
    }
}
