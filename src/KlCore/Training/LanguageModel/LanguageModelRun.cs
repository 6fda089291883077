using KlCore.Formats;

namespace KlCore.Training.LanguageModel;

/// <summary>A language model in the making: it is learnt, then measured on the held-out text and on as much of the training text, then some texts are drawn. All of it in short steps.</summary>
internal sealed class LanguageModelRun : TrainingRun
{
    private readonly LanguageModelSpecification _specification;
    private readonly TokenStream _stream;
    private readonly LanguageLearner _learner;
    private readonly HeldOutScores _validation, _training;
    private readonly int _tokensPerStep;
    private int _drawn;
    private TokenModel? _model;
    private TextDrawing[]? _texts;

    public LanguageModelRun(LanguageModelSpecification specification, TokenStream stream, LanguageLearner learner)
    {
        (_specification, _stream, _learner) = (specification, stream, learner);
        var heldOut = stream.Tokens.Length - stream.TrainingLength;
        var blocks = specification.Model.BlocksPerStep(stream.Tokenizer.Vocabulary);
        _tokensPerStep = specification.Model.TokensPerStep(stream.Tokenizer.Vocabulary);
        _validation = new HeldOutScores("validation", stream.Tokens, stream.TrainingLength, stream.Tokens.Length, heldOut, blocks);
        _training = new HeldOutScores("training", stream.Tokens, 1, stream.TrainingLength, heldOut, blocks);
    }

    public override long TotalSteps => _learner.TotalSteps + _validation.Steps + _training.Steps + DrawingSteps;

    public override long CompletedSteps => _learner.CompletedSteps + _validation.CompletedSteps + _training.CompletedSteps + _drawn;

    public override bool IsComplete => _learner.IsComplete && _drawn == DrawingSteps && _training.CompletedSteps == _training.Steps;

    private int StepsPerText => (_specification.Samples.MaximumTokens + _tokensPerStep - 1) / _tokensPerStep;

    private int DrawingSteps => _specification.Samples.Count * StepsPerText;

    public override IReadOnlyList<KeyValuePair<string, double>> Step()
    {
        if (!_learner.IsComplete) return _learner.Step();
        var model = _model ??= _learner.Finish();
        if (_validation.CompletedSteps < _validation.Steps)
        {
            var mean = _validation.Step(model);
            return [new("crossEntropy", mean), new("perplexity", Math.Exp(mean))];
        }

        if (_training.CompletedSteps < _training.Steps) _training.Step(model);
        else Draw(model);
        return [new("crossEntropy", _validation.Mean()), new("perplexity", Math.Exp(_validation.Mean()))];
    }

    public override byte[] Save() => SafeTensors.Write(
    [
        .. _learner.Save(), .. _validation.Save(), .. _training.Save(), new Tensor("drawn", _drawn),
        .. (_texts ?? []).Select((text, i) => text.Save($"text.{i}")),
    ]);

    public override void Restore(ReadOnlyMemory<byte> state)
    {
        var checkpoint = new Checkpoint(state);
        _learner.Restore(checkpoint);
        _validation.Restore(checkpoint);
        _training.Restore(checkpoint);
        _drawn = (int)Math.Min(checkpoint.Count("drawn"), DrawingSteps);
        if (_drawn == 0) return;
        var texts = Texts(_model ??= _learner.Finish());
        for (var i = 0; i < texts.Length; i++) texts[i].Restore(checkpoint.All($"text.{i}"));
    }

    public override TrainingOutcome Finish()
    {
        var model = _model ??= _learner.Finish();
        return LanguageModelReport.Write(_specification, _stream, model, _validation, _training, Texts(model));
    }

    private void Draw(TokenModel model)
    {
        var text = Texts(model)[_drawn / StepsPerText];
        for (var i = 0; i < _tokensPerStep && !text.IsComplete; i++) text.Draw();
        _drawn++;
    }

    private TextDrawing[] Texts(TokenModel model) =>
        _texts ??= [.. Enumerable.Range(0, _specification.Samples.Count).Select(number => new TextDrawing(model, _stream.Tokenizer, _specification.Samples, number))];
}
