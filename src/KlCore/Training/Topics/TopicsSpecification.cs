using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Charts;

namespace KlCore.Training.Topics;

/// <summary>
/// Finds topics in documents: latent Dirichlet allocation by online variational Bayes, with the names, defaults and update rules of Gensim's LdaModel.
/// What it makes large is the evidence lower bound, ln p(documents) - KL(q || posterior): the divergence that is made small is the reverse one.
/// </summary>
/// <remarks>
/// A document's topics theta are Dirichlet(alpha), a topic's words beta are Dirichlet(eta), each word's topic is drawn from theta and the word
/// from that topic. q is a product of Dirichlets, lambda for topics and gamma for documents, and of a distribution over topics for each word.
/// D. Blei, A. Ng, M. Jordan, "Latent Dirichlet allocation", JMLR 3 (2003); M. Hoffman, D. Blei, F. Bach, "Online learning for latent Dirichlet
/// allocation", NIPS 2010.
/// </remarks>
public sealed record TopicsSpecification : TrainingSpecification, IPredictor
{
    /// <summary>How long all texts together may be.</summary>
    internal const long MaximumCharacters = 200_000_000;

    /// <summary>The documents, one text each; or <see cref="Data"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Documents { get; init; }

    /// <summary>A column of text of a stored dataset, a document in each row.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextData? Data { get; init; }

    /// <summary>What a word is.</summary>
    public WordRules Words { get; init; } = new();

    /// <summary>Which words are kept, by how many documents they occur in; all if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FilterExtremes? FilterExtremes { get; init; }

    /// <summary>K, how many topics.</summary>
    [Range(1, 1000)]
    public int Topics { get; init; } = 10;

    /// <summary>How often all documents are gone through.</summary>
    [Range(1, 10_000)]
    public int Passes { get; init; } = 1;

    /// <summary>How many documents are gone through before the topics are updated.</summary>
    [Range(1, 1_000_000)]
    public int ChunkSize { get; init; } = 2000;

    /// <summary>After how many chunks the topics are updated; 0: after each pass (batch).</summary>
    [Range(0, 1_000_000)]
    public int UpdateEvery { get; init; } = 1;

    /// <summary>The prior of a document's topics: "symmetric", "asymmetric", "auto", a number, or K numbers.</summary>
    public Prior Alpha { get; init; } = Prior.Symmetric;

    /// <summary>The prior of a topic's words: null or "symmetric" (1/K), "auto" (learned, for each word its own), or a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Prior? Eta { get; init; }

    /// <summary>kappa: an update has the weight (offset + pass + updated documents / chunkSize)^-kappa. Above 0.5 it converges.</summary>
    [Range(0.0, 1.0)]
    public double Decay { get; init; } = 0.5;

    /// <summary>How much the first updates are slowed down.</summary>
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    public double Offset { get; init; } = 1;

    /// <summary>How often a document's topics are updated at most, each time it is met.</summary>
    [Range(1, 10_000)]
    public int Iterations { get; init; } = 50;

    /// <summary>The mean change of a document's gamma below which it is left alone.</summary>
    [Range(0.0, double.MaxValue)]
    public double GammaThreshold { get; init; } = 0.001;

    /// <summary>Topics of a document that are less probable are not listed.</summary>
    [Range(0.0, 1.0)]
    public double MinimumProbability { get; init; } = 0.01;

    /// <summary>After how many chunks the bound is taken, beside the end of each pass; 0: never.</summary>
    [Range(0, 1_000_000)]
    public int EvalEvery { get; init; } = 10;

    /// <summary>How many words of each topic are listed.</summary>
    [Range(1, 1000)]
    public int WordsPerTopic { get; init; } = 10;

    /// <summary>Of how many documents the result lists the topics; a file lists those of all.</summary>
    [Range(0, 1000)]
    public int ShownDocuments { get; init; } = 20;

    /// <summary>The share of the documents that is not learned from, for a bound on what was never seen.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; }

    /// <summary>
    /// When to stop before all passes are made, by the bound of the held-out documents after each pass; null for never. Needs
    /// <see cref="ValidationFraction"/>, and priors that are not learned.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EarlyStopping? EarlyStopping { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Words.Check(problems.At("words"));
        FilterExtremes?.Check(problems.At("filterExtremes"));
        Data?.Check(problems.At("data"));
        Alpha.Check((Topics, "topic"), problems.At("alpha"));
        Eta?.Check(null, problems.At("eta"));
        EarlyStopping?.Check(problems.At("earlyStopping"));
        if (EarlyStopping is not null && ValidationFraction == 0) problems.Add("validationFraction", "must be greater than 0 for early stopping, was 0");
        if (EarlyStopping is not null && Alpha.IsLearned) problems.Add("alpha", "must not be learned with early stopping");
        if (EarlyStopping is not null && Eta is { IsLearned: true }) problems.Add("eta", "must not be learned with early stopping");
        if (Eta is { Name: "asymmetric" }) problems.Add("eta", "must not be asymmetric: words have no order");
        if (Eta is { Values: not null, IsNumber: false }) problems.Add("eta", "must be one number for all words: which words there are is found in the documents");
        if (Documents is null == Data is null) problems.Add("documents", Data is null ? "is required where no data are given" : "must not be given beside data");
        if (Documents is { Count: 0 }) problems.Add("documents", "must have at least 1 document, had none");
        if (!problems.Any && Documents is not null) Prepare(Documents, problems.At("documents"));
    }

    internal override Budget? Length => new("/passes", Passes);

    /// <inheritdoc/>
    public override void CheckInputs(ITrainingInputs inputs, Problems problems)
    {
        base.CheckInputs(inputs, problems);
        if (Data is not null) inputs.CheckTexts(Data.Source("data", MaximumCharacters), problems);
    }

    /// <inheritdoc/>
    public override TrainingRun Start(ITrainingInputs inputs)
    {
        var problems = new Problems();
        var prepared = Prepare(Documents ?? inputs.Texts(Data!.Source("data", MaximumCharacters)), problems.At(Documents is null ? "data" : "documents"));
        problems.ThrowIfAny();
        return new TopicsRun(this, prepared);
    }

    /// <inheritdoc/>
    public object Predict(PredictionRequest request, FinishedTraining training, ITrainingInputs inputs) => TopicsPrediction.Of(this, request, training, inputs);

    /// <inheritdoc/>
    public override IReadOnlyList<string> ChartNames() => ["bound", "topics", "documents"];

    /// <inheritdoc/>
    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => name switch
    {
        "bound" => TopicsCharts.Bound(history),
        "topics" => TopicsCharts.Topics(result),
        "documents" => TopicsCharts.Documents(result),
        _ => null,
    };

    private PreparedDocuments Prepare(IReadOnlyList<string> texts, Problems problems)
    {
        var documents = PreparedDocuments.Read(this, texts);
        documents.Check(this, problems);
        return documents;
    }
}
