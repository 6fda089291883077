using System.Text.Json;
using KlCore.Formats;

namespace KlCore.Training.Topics;

/// <summary>The topics of new documents, given those that a job has found.</summary>
/// <param name="Documents">For each document its topics.</param>
/// <param name="WordCount">How many words of the documents the model knows, repetitions included; the others are left out.</param>
/// <param name="Bound">(likelihood - KL(q(theta) || prior)) / words, in nats, given the topics; 0 where no word is known.</param>
/// <param name="Perplexity">exp(-bound).</param>
public sealed record TopicsPrediction(IReadOnlyList<DocumentTopics> Documents, long WordCount, double Bound, double Perplexity)
{
    private const double MostWork = 5e9;

    /// <summary>Asks a finished job.</summary>
    internal static TopicsPrediction Of(TopicsSpecification specification, PredictionRequest request, FinishedTraining training, ITrainingInputs inputs)
    {
        var texts = Texts(specification, request, inputs);
        var tensors = SafeTensors.Read(training.Artifact("model.safetensors") ?? throw new NotComputableException("no-model", "The job's model is no longer there."));
        var vocabulary = new Vocabulary(JsonSerializer.Deserialize<string[]>((training.Artifact("vocabulary.json") ?? throw new NotComputableException("no-model", "The job's vocabulary is no longer there.")).Span)!);
        var corpus = Corpus.Read(texts, specification.Words, vocabulary, grow: false);
        var work = 2.0 * corpus.Entries * specification.Topics * specification.Iterations;
        if (work > MostWork) throw new TooCostlyException($"Documents may take at most {MostWork:G2} multiplications at once, these would take some {work:G2}: ask for fewer at a time.");
        var inference = new DocumentInference(Topics(tensors["lambda"], vocabulary.Count, specification.Topics), corpus.LargestBag);
        var (alpha, tally, documents) = (tensors["alpha"].Values, new Tally(), new DocumentTopics[corpus.Count]);
        for (var document = 0; document < corpus.Count; document++)
        {
            inference.Load(corpus.Words(document), corpus.Counts(document), alpha);
            inference.Gamma.Fill(1);
            inference.Begin();
            inference.Improve(specification.Iterations, specification.GammaThreshold, out _);
            inference.Evaluate(alpha, out var likelihood, out var divergence);
            tally.AddBound(likelihood, divergence);
            documents[document] = new DocumentTopics(document, Mixture.Of(inference.Gamma, specification.MinimumProbability));
        }

        var words = corpus.Tokens(0, corpus.Count);
        var bound = words == 0 ? 0 : tally.Bound / words;
        return new TopicsPrediction(documents, (long)words, bound, Math.Exp(-bound));
    }

    private static IReadOnlyList<string> Texts(TopicsSpecification specification, PredictionRequest request, ITrainingInputs inputs)
    {
        if (request.Inputs is not null) throw new InvalidInputException("inputs", "must not be given: topics are of documents");
        if (request.Documents is { } documents) return documents;
        if (request.Columns is { Count: > 1 }) throw new InvalidInputException("columns", $"must name one column of text, named {request.Columns.Count}");
        return inputs.Texts(new DatasetText(request.Dataset!, request.Columns?[0] ?? specification.Data?.Column) { MaximumCharacters = TopicsSpecification.MaximumCharacters });
    }

    // The file has lambda topic by topic; inference wants it word by word.
    private static TopicWords Topics(Tensor lambda, int vocabulary, int topics)
    {
        var words = new TopicWords(topics, vocabulary);
        for (var word = 0; word < vocabulary; word++)
            for (var k = 0; k < topics; k++) words.Statistics.Span[word * words.Stride + k] = (float)lambda.Values[k * vocabulary + word];
        words.AddSums(0, vocabulary, [0.0], words.Sums);
        words.Refresh(0, vocabulary, [0.0]);
        return words;
    }
}
