using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;
using KlCore.Training.LanguageModel.NGrams;
using KlCore.Training.LanguageModel.Tokens;
using KlCore.Training.Optimization;

namespace KlCore.Training.LanguageModel;

/// <summary>
/// Makes a model of text: what the next token is, given those before it. It is measured on the tail of the text, which it does not learn from: the cross-entropy there is the
/// entropy of the text plus the forward KL from it to the model.
/// </summary>
/// <remarks>The text is one of: columns of a dataset, <c>text</c>, <c>documents</c>.</remarks>
public sealed record LanguageModelSpecification : TrainingSpecification
{
    /// <summary>The most text of one job.</summary>
    internal const long MaximumCharacters = 32L << 20;

    /// <summary>A column of a dataset. Lines of plain text are one running text, rows of other formats are documents.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextData? Data { get; init; }

    /// <summary>One running text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Texts that stand for themselves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Documents { get; init; }

    /// <summary>How text is cut.</summary>
    public Tokenization Tokens { get; init; } = new ByteTokens();

    /// <summary>Which part of the text, its end, is held out: of documents the last ones. It begins at the next line, or else the next word.</summary>
    [Range(0.001, 0.9)]
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>What kind of model, and how large.</summary>
    public LanguageModelDesign Model { get; init; } = new NGramDesign();

    /// <summary>What is made small: how unlikely the text is, or how far the model is from a teacher. For models that learn by gradient.</summary>
    public LanguageObjective Objective { get; init; } = new MaximumLikelihood();

    /// <summary>
    /// The rule by which gradients become steps; without it <c>adamw</c>. Without a rate it is 0.006 for a transformer and 0.002 for a neural model; without a schedule the rate grows over the first tenth of the run, or 100 steps, and falls along a cosine to a tenth. For models that learn by gradient, like all up to <c>earlyStopping</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Optimizer? Optimizer { get; init; }

    /// <summary>How many steps; without it 1000.</summary>
    [Range(1, 10_000_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Steps { get; init; }

    /// <summary>How many sequences a step learns from: windows of text for a transformer, without it 16; positions for a neural model, without it 256.</summary>
    [Range(1, 4096)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BatchSize { get; init; }

    /// <summary>After how many steps the held-out text is looked at; without it after each twentieth of the run.</summary>
    [Range(1, 10_000_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EvaluationInterval { get; init; }

    /// <summary>Ends training when the held-out loss gets no better; its epochs are the looks at it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>How text is drawn from the model at the end.</summary>
    public Generation Samples { get; init; } = new() { Count = 2, MaximumTokens = 200 };

    /// <summary>Keeps what the model says at held-out positions as a baseline, to be compared with another's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KeptLogits? Logits { get; init; }

    internal override string? ObjectiveMember => Model.LearnsByGradient ? "/objective" : null;

    internal override Budget? Length => Model.LearnsByGradient ? new("/steps", UsedSteps()) : null;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        CheckText(problems);
        Tokens.Check(problems.At("tokens"));
        Model.Check(problems.At("model"));
        Objective.Check(problems.At("objective"));
        Optimizer?.Check(problems.At("optimizer"));
        EarlyStopping?.Check(problems.At("earlyStopping"));
        Samples.Check(problems.At("samples"));
        Logits?.Check(problems.At("logits"));
        if (!Model.LearnsByGradient) CheckCounting(problems);
        if (problems.Any) return;
        var characters = Text?.Length ?? Documents?.Sum(document => (long)document.Length);
        var vocabulary = Tokens.MaximumVocabulary(characters ?? MaximumCharacters);
        // An upper bound of what is not known yet must not refuse what is possible: the run looks again.
        if (Tokens is not CharacterTokens) Logits?.CheckSize(vocabulary, problems.At("logits"));
        Model.CheckCost(vocabulary, characters is { } length && Tokens is ByteTokens ? 3 * length : characters, this, problems);
    }

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        if (Source() is { } source) inputs.CheckTexts(source, problems);
        if (Logits?.Baseline is { } name && inputs.FindLogits(name) is not null) problems.At("logits").Add("baseline", "must be a name that is free, there is a baseline of this name; baselines never change");
        if (Objective is Distilled) FinishedLanguageModel.CheckTeacher(this, inputs, problems);
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var corpus = Read(inputs) ?? throw new NotComputableException("text-too-short", "There is too little text to hold a part of it out.");
        var teacher = Objective is Distilled distilled ? FinishedLanguageModel.Find(distilled.Teacher, inputs) ?? throw new InvalidInputException("objective", FinishedLanguageModel.Gone) : null;
        var stream = teacher is null ? TokenStream.Of(corpus, Tokens) : TokenStream.Of(corpus, teacher.Tokenizer);
        if (stream.Tokens.Length == stream.TrainingLength || stream.TrainingLength < 2)
            throw new NotComputableException("text-too-short", "There is too little text: both parts must have tokens.");
        var problems = new Problems();
        Model.CheckCost(stream.Tokenizer.Vocabulary, stream.Tokens.Length, this, problems);
        Logits?.CheckSize(stream.Tokenizer.Vocabulary, problems.At("logits"));
        problems.ThrowIfAny();
        return new LanguageModelRun(this, stream, Model.Begin(new LearningTask(this, stream, teacher?.Model)));
    }

    /// <summary>The steps of models that learn by gradient.</summary>
    internal int UsedSteps() => Steps ?? 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["loss", "frequencies"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "loss" => LanguageModelCharts.Loss(history),
        "frequencies" => LanguageModelCharts.Frequencies(result),
        _ => null,
    };

    private DatasetText? Source()
    {
        var most = Model.MaximumCharacters(this);
        return Data?.Source("data", Math.Min(MaximumCharacters, most)) is { } source ? source with { MaximumReason = most < MaximumCharacters ? Model.MaximumReason : "" } : null;
    }

    private void CheckText(Problems problems)
    {
        Data?.Check(problems.At("data"));
        var given = (Data is null ? 0 : 1) + (Text is null ? 0 : 1) + (Documents is null ? 0 : 1);
        if (given == 0) problems.Add("must have the text: one of data, text and documents");
        if (given > 1) problems.Add("must have one of data, text and documents, had more");
        if (Text is { Length: < 2 }) problems.Add("text", "must have at least 2 characters");
        if (Documents is { Count: 0 }) problems.Add("documents", "must have at least 1 document, had none");
        var length = Text?.Length ?? Documents?.Sum(document => (long)document.Length) ?? 0;
        if (length > MaximumCharacters) problems.Add(Text is null ? "documents" : "text", $"must have at most {MaximumCharacters} characters, had {length}");
        if (problems.Any || Data is not null) return;
        var corpus = Text is not null ? Corpus.OfText(Text, ValidationFraction) : Corpus.OfDocuments(Documents!, ValidationFraction);
        if (corpus is null) problems.Add(Text is null ? "documents" : "text", $"must be long enough for {ValidationFraction:R} of it to be held out");
    }

    private void CheckCounting(Problems problems)
    {
        if (Objective is not MaximumLikelihood) problems.Add("objective", "must be maximum-likelihood for a model that counts");
        foreach (var (name, value) in new (string, object?)[] { ("optimizer", Optimizer), ("steps", Steps), ("batchSize", BatchSize), ("evaluationInterval", EvaluationInterval), ("earlyStopping", EarlyStopping) })
            if (value is not null) problems.Add(name, "is for models that learn by gradient, this one counts");
    }

    private Corpus? Read(ITrainingInputs inputs)
    {
        if (Text is not null) return Corpus.OfText(Text, ValidationFraction);
        if (Documents is not null) return Corpus.OfDocuments(Documents, ValidationFraction);
        var texts = inputs.Texts(Source()!);
        return inputs.AreLines(Source()!) ? Corpus.OfText(string.Join('\n', texts) + '\n', ValidationFraction) : Corpus.OfDocuments(texts, ValidationFraction);
    }
}
