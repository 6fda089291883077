using KlCore.Formats;
using KlCore.Networks;
using KlCore.Networks.Language;

namespace KlCore.Training.LanguageModel.Learning;

/// <summary>A network as a model of the next token.</summary>
internal sealed class LearntModel : TokenModel
{
    private const int MaximumReaders = 4;

    private readonly NetworkDesign _design;
    private readonly NetworkReader _reader;
    private ParallelReading? _readers;

    public LearntModel(NetworkDesign design, TokenNetwork network, Parameters parameters)
    {
        (_design, Network, Parameters) = (design, network, parameters);
        _reader = new NetworkReader(network);
    }

    /// <summary>The network itself.</summary>
    public TokenNetwork Network { get; }

    /// <summary>What it learns.</summary>
    public Parameters Parameters { get; }

    /// <inheritdoc/>
    public override int Vocabulary => Network.Vocabulary;

    /// <inheritdoc/>
    public override int Window => NetworkReader.WindowOf(Network);

    /// <inheritdoc/>
    public override int Stride => NetworkReader.StrideOf(Network);

    private ParallelReading Readers => _readers ??= new ParallelReading([.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, MaximumReaders)).Select(_ => Beside())], Vocabulary);

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<int> tokens, int first, Span<float> rows) => _reader.Predict(tokens, first, rows);

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<int> tokens, int first, int last, Span<double> scores) => _reader.Score(tokens, first, last, scores);

    /// <inheritdoc/>
    public override void PredictMany(int[] stream, ReadOnlySpan<int> from, int length, float[] rows)
    {
        var calls = new List<ParallelReading.Call>();
        for (var i = 0; i < from.Length; i++) calls.AddRange(Calls(from[i], from[i] + length, i * length));
        Readers.Predict(stream, calls, rows);
    }

    /// <inheritdoc/>
    public override void ScoreMany(int[] stream, ReadOnlySpan<int> from, int length, double[] scores)
    {
        var calls = new List<ParallelReading.Call>();
        for (var i = 0; i < from.Length; i++) calls.AddRange(Calls(from[i], from[i] + length, i * length));
        Readers.Score(stream, calls, scores);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> ToTensors() => [.. Parameters.All.Select(parameter => parameter.ToTensor(NameInFile(parameter.Name)))];

    /// <summary>Reads what <see cref="ToTensors"/> gave.</summary>
    /// <exception cref="InvalidInputException">A tensor is missing or of another shape.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var parameter in Parameters.All)
            parameter.Load(tensors.GetValueOrDefault(NameInFile(parameter.Name)) ?? throw new InvalidInputException("", $"The model has no tensor \"{NameInFile(parameter.Name)}\"."));
    }

    /// <inheritdoc/>
    public override ModelFacts Describe() => new(Parameters.Count);

    /// <summary>PyTorch's modules call theirs "weight".</summary>
    private static string NameInFile(string name) => name.EndsWith(".weights", StringComparison.Ordinal) ? name[..^1] : name;

    private IEnumerable<ParallelReading.Call> Calls(int from, int to, int row)
    {
        for (; from < to; from = Math.Min(from + Stride, to))
        {
            var (start, end) = Block(from, to);
            yield return new ParallelReading.Call(start, end - 1, from - start, row);
            row += end - from;
        }
    }

    private NetworkReader Beside()
    {
        var own = new Parameters();
        var network = _design.Make(own, Vocabulary);
        own.ShareValues(Parameters);
        return new NetworkReader(network);
    }
}
