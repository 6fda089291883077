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
    private readonly int[] _tokens;
    private readonly int _length;
    private readonly int _vocabulary;
    private readonly int? _end;
    private readonly NGramCounting _counting;
    private readonly List<Action> _units = [];
    private readonly double[][] _tuned;
    private NGramFit? _fit;
    private int _done;

    public NGramLearner(NGramDesign design, TokenStream stream)
        : this(design, stream.Tokens, stream.TrainingLength, stream.Tokenizer.Vocabulary, stream.Tokenizer.End)
    {
    }

    /// <param name="design">What to make.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="length">How much of it is learnt from.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="end">The token that ends documents.</param>
    public NGramLearner(NGramDesign design, int[] tokens, int length, int vocabulary, int? end)
    {
        (_design, _tokens, _length, _vocabulary, _end) = (design, tokens, length, vocabulary, end);
        _tuned = [.. Enumerable.Repeat<double[]>([], design.Order)];
        var slices = (length + PlacesPerSlice - 1) / PlacesPerSlice;
        if (design.Smoothing is TunedSmoothing { IsTuned: true } smoothing) _units.AddRange(Tuning(smoothing, slices));
        _counting = Counting(length);
        _units.AddRange(_counting.Units());
        _units.Add(() => _fit = new NGramFit(Counted(_counting), tokens.AsSpan(0, Math.Min(design.Order, length)), vocabulary, design.Smoothing, _tuned));
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

    private NGramCounting Counting(int length) => new(_tokens.AsMemory(0, length), _design.Order, _vocabulary, _end);

    private NGramTrie Counted(NGramCounting counting) => new(counting.Levels(), _end);

    /// <summary>Counts without the last tenth, and finds on that the parameters.</summary>
    private IEnumerable<Action> Tuning(TunedSmoothing smoothing, int slices)
    {
        var length = Math.Clamp((int)(_length * (1 - TuningFraction)), 1, _length - 1);
        var counting = Counting(length);
        foreach (var unit in counting.Units()) yield return unit;
        HeldOutCounts? heldOut = null;
        yield return () => heldOut = new HeldOutCounts(Counted(counting), _tokens, length, _length, _vocabulary);
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
