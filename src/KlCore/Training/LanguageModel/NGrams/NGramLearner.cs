using KlCore.Formats;
using KlCore.Training.LanguageModel.NGrams.Smoothings;

namespace KlCore.Training.LanguageModel.NGrams;

/// <summary>
/// Makes an n-gram model: counts, then finds the probabilities from the lowest order up. Nothing about it is random, and it is quick: a run that resumes does again what it had done.
/// </summary>
internal sealed class NGramLearner : LanguageLearner
{
    private const int PlacesPerSlice = 1 << 18;

    private const double TuningFraction = 0.1;

    private readonly NGramDesign _design;
    private readonly TokenStream _stream;
    private readonly NGramCounting _counting;
    private readonly List<Action> _units = [];
    private readonly double[][] _tuned;
    private NGramFit? _fit;
    private int _done;

    public NGramLearner(NGramDesign design, TokenStream stream)
    {
        (_design, _stream) = (design, stream);
        _tuned = [.. Enumerable.Repeat<double[]>([], design.Order)];
        var slices = (stream.TrainingLength + PlacesPerSlice - 1) / PlacesPerSlice;
        if (design.Smoothing is TunedSmoothing { IsTuned: true } smoothing) _units.AddRange(Tuning(smoothing, slices));
        _counting = Counting(stream.TrainingLength);
        _units.AddRange(_counting.Units());
        _units.Add(() => _fit = new NGramFit(Counted(_counting), stream.Tokens.AsSpan(0, Math.Min(design.Order, stream.TrainingLength)), stream.Tokenizer.Vocabulary, design.Smoothing, _tuned));
        _units.AddRange(NGramFit.Units(() => _fit!, design.Order, slices));
    }

    public override long TotalSteps => _units.Count;

    public override long CompletedSteps => _done;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        _units[_done++]();
        return [new("ngrams", _counting.Found)];
    }

    public override IEnumerable<Tensor> Save() => [new Tensor("counted", _done)];

    public override void Restore(Checkpoint checkpoint)
    {
        for (var steps = Math.Min(checkpoint.Count("counted"), TotalSteps); _done < steps;) _units[_done++]();
    }

    public override TokenModel Finish() => _fit!.ToModel();

    private NGramCounting Counting(int length) => new(_stream.Tokens.AsMemory(0, length), _design.Order, _stream.Tokenizer.Vocabulary, _stream.Tokenizer.End);

    private NGramTrie Counted(NGramCounting counting) => new(counting.Levels(), _stream.Tokenizer.End);

    /// <summary>Counts without the last tenth, and finds on that the parameters.</summary>
    private IEnumerable<Action> Tuning(TunedSmoothing smoothing, int slices)
    {
        var length = Math.Clamp((int)(_stream.TrainingLength * (1 - TuningFraction)), 1, _stream.TrainingLength - 1);
        var counting = Counting(length);
        foreach (var unit in counting.Units()) yield return unit;
        HeldOutCounts? heldOut = null;
        yield return () => heldOut = new HeldOutCounts(Counted(counting), _stream.Tokens, length, _stream.TrainingLength, _stream.Tokenizer.Vocabulary);
        for (var slice = 0; slice < slices; slice++)
        {
            var part = slice;
            yield return () => heldOut!.Collect(part, slices);
        }

        for (var i = 0; i < _design.Order; i++)
        {
            var level = i;
            yield return () => _tuned[level] = heldOut!.Tune(smoothing, level);
        }
    }
}
