using System.Globalization;

using System.Text.Json;
using KlCore.Formats;
using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>Turns what a run has gathered into its result and its files.</summary>
internal sealed class TopicsReport(TopicsSpecification specification, PreparedDocuments documents, TopicsModel model, TopicsEnd end)
{
    private const int ShownPairs = 10;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    /// <summary>The outcome.</summary>
    /// <param name="best">The pass that was best, with early stopping.</param>
    public TrainingOutcome Write(BestEpoch best)
    {
        var result = Result(best);
        double lower = result.Bound, heldOut = result.Validation?.Bound ?? 0;
        return new TrainingOutcome(result,
        [
            new Artifact("model.safetensors", "application/octet-stream", Model()),
            new Artifact("vocabulary.json", "application/json", JsonSerializer.SerializeToUtf8Bytes(documents.Vocabulary.Words, Json)),
            new Artifact("topics.json", "application/json", JsonSerializer.SerializeToUtf8Bytes(new { result.Topics, Distances = Matrix() }, Indented)),
            new Artifact("documents.ndjson", "application/x-ndjson", Lines()),
        ])
        {
            Scores =
            [
                .. result.Validation is null ? Array.Empty<Score>() : [new Score("validationBound", heldOut, true), new Score("validationPerplexity", result.Validation.Perplexity)],
                new Score("bound", lower, true), new Score("perplexity", result.Perplexity),
                new Score("uMass", result.Coherence.UMass, true), new Score("npmi", result.Coherence.Npmi, true),
            ],
        };
    }

    private TopicsResult Result(BestEpoch best)
    {
        var words = documents.Training.Tokens(0, documents.Training.Count);
        var evidence = Evidence();
        var bound = evidence.Bound / words;
        var topics = Topics();
        var (training, heldOut) = (documents.TrainingPlaces.Length, documents.HeldOutPlaces.Length);
        var shown = Enumerable.Range(0, training + heldOut).OrderBy(Place).Take(specification.ShownDocuments);
        return new TopicsResult(
            topics,
            bound,
            Math.Exp(-bound),
            Math.Pow(2, -bound),
            evidence,
            Validation(best),
            [.. shown.Select(Document)],
            training,
            documents.Vocabulary.Count,
            (long)words,
            model.Alpha,
            model.Eta.Average(),
            new TopicCoherence(topics.Average(topic => topic.Coherence.UMass), topics.Average(topic => topic.Coherence.Npmi)),
            Nearest(),
            end.Training.Converged / end.Training.Documents,
            Warnings());
    }

    private EvidenceBound Evidence()
    {
        var (likelihood, ofDocuments, ofTopics) = (end.Training.Likelihood, end.Training.Divergence, model.Divergences.Sum());
        var bound = likelihood - ofDocuments - ofTopics;
        return new EvidenceBound(bound, likelihood, ofDocuments, ofTopics, "reverse", string.Create(CultureInfo.InvariantCulture,
            $"ln p(documents) is at least {Nats(bound)} nats: {Nats(likelihood)} for the words given what q expects, less {Nats(ofDocuments)} for what q says about the documents' topics " +
            $"beyond the prior, less {Nats(ofTopics)} for what it says about the topics' words. What is missing to ln p(documents) is KL(q‖posterior), the reverse KL: " +
            $"q makes the bound large by being nowhere that the posterior is not, so it settles on one of the posterior's many modes (every order of the topics is one)."));
    }

    // Nobody wants the decimals of a million, nor its exponent.
    private static string Nats(double value) => value.ToString(Math.Abs(value) < 1e4 ? "G5" : "F0", CultureInfo.InvariantCulture);

    private ValidationBound? Validation(BestEpoch best)
    {
        var words = documents.HeldOut.Tokens(0, documents.HeldOut.Count);
        if (words == 0) return null;
        var bound = end.HeldOut.Bound / words;
        return new ValidationBound(documents.HeldOut.Count, (long)words, bound, Math.Exp(-bound), (end.HeldOut.Bound - model.Divergences.Sum()) / words,
            specification.EarlyStopping is null ? null : best.Epoch);
    }

    private FoundTopic[] Topics()
    {
        var (count, probabilities) = (Math.Min(specification.WordsPerTopic, documents.Vocabulary.Count), new double[documents.Vocabulary.Count]);
        var (first, words) = (new int[specification.Topics][], new TopicWord[specification.Topics][]);
        for (var k = 0; k < specification.Topics; k++)
        {
            end.Fill(k, probabilities);
            int[] order = [.. Enumerable.Range(0, probabilities.Length)];
            // The highest by negated keys; equal ones in the order of their ids.
            var keys = Array.ConvertAll(probabilities, probability => -probability);
            Array.Sort(keys, order);
            Settle(keys, order);
            first[k] = order[..Math.Min(order.Length, Math.Max(count, Coherence.MostWords))];
            words[k] = [.. order.Take(count).Select(word => new TopicWord(documents.Vocabulary.Words[word], probabilities[word]))];
        }

        var coherence = new Coherence([.. first.Select(list => list[..Math.Min(Math.Min(count, Coherence.MostWords), list.Length)])], documents.Training, documents.Vocabulary.Count);
        var shares = Shares();
        return [.. words.Select((list, k) => new FoundTopic(k, shares[k], list, coherence.Of(k)))];
    }

    // Array.Sort is not stable.
    private static void Settle(double[] keys, int[] order)
    {
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from]) to++;
            Array.Sort(order, from, to - from);
            from = to;
        }
    }

    private double[] Shares()
    {
        var (shares, words) = (new double[specification.Topics], documents.Training.Tokens(0, documents.Training.Count));
        for (var document = 0; document < documents.Training.Count; document++)
        {
            var gamma = end.Gamma(document);
            var (sum, weight) = (0.0, documents.Training.Tokens(document, document + 1) / words);
            foreach (var value in gamma) sum += value;
            for (var k = 0; k < shares.Length; k++) shares[k] += weight * gamma[k] / sum;
        }

        return shares;
    }

    private int Place(int document) =>
        document < documents.TrainingPlaces.Length ? documents.TrainingPlaces[document] : documents.HeldOutPlaces[document - documents.TrainingPlaces.Length];

    private DocumentTopics Document(int document) =>
        new(Place(document), Mixture.Of(end.Gamma(document), specification.MinimumProbability), document >= documents.TrainingPlaces.Length);

    private TopicPair[] Nearest()
    {
        var distances = end.Distances.ToArray();
        int[] pairs = [.. Enumerable.Range(0, distances.Length).OrderBy(number => distances[number]).Take(ShownPairs)];
        var (p, q) = (new double[documents.Vocabulary.Count], new double[documents.Vocabulary.Count]);
        return [.. pairs.Select(number =>
        {
            var (first, second) = end.Pair(number);
            end.Fill(first, p);
            end.Fill(second, q);
            return new TopicPair(first, second, distances[number], Fold.Sum<ForwardKernel>(p, q), Fold.Sum<ForwardKernel>(q, p));
        })];
    }

    private double[][]? Matrix()
    {
        var distances = end.Distances;
        if (distances.Length == 0 && specification.Topics > 1) return null;
        double[][] matrix = [.. Enumerable.Range(0, specification.Topics).Select(_ => new double[specification.Topics])];
        for (var number = 0; number < distances.Length; number++)
        {
            var (first, second) = end.Pair(number);
            matrix[first][second] = matrix[second][first] = distances[number];
        }

        return matrix;
    }

    private List<string> Warnings()
    {
        var warnings = new List<string>();
        var updates = (long)specification.Passes * (specification.UpdateEvery == 0 ? 1 : Math.Max(1, (documents.Training.Count + specification.ChunkSize - 1) / specification.ChunkSize / specification.UpdateEvery));
        if (updates < 10) warnings.Add($"The topics were updated {updates} times: more passes or smaller chunks will find better ones.");
        var converged = end.Training.Converged / end.Training.Documents;
        if (converged < 0.5)
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"Only {100 * converged:F0} % of the documents' topics stood still within {specification.Iterations} iterations: more iterations raise the bound."));
        var empty = Enumerable.Range(0, documents.Training.Count).Count(document => documents.Training.Words(document).IsEmpty);
        if (empty > 0) warnings.Add($"{empty} documents have no words that count: their topics are the prior's.");
        if (specification.ValidationFraction > 0 && documents.HeldOut.Entries == 0) warnings.Add("No documents could be held out that have words which count.");
        if (end.Distances.Length == 0 && specification.Topics > 1) warnings.Add("There are too many topics and words for all pairs of topics to be compared.");
        return warnings;
    }

    private byte[] Model()
    {
        var lambda = new float[(long)specification.Topics * documents.Vocabulary.Count];
        for (var k = 0; k < specification.Topics; k++)
            for (var word = 0; word < documents.Vocabulary.Count; word++) lambda[k * documents.Vocabulary.Count + word] = (float)model.Lambda(word, k);
        return SafeTensors.Write(
            [Tensor.Of<float>("lambda", [specification.Topics, documents.Vocabulary.Count], lambda), new Tensor("alpha", model.Alpha), new Tensor("eta", model.Eta)],
            new Dictionary<string, string> { ["format"] = "latent-dirichlet-allocation" });
    }

    private byte[] Lines()
    {
        var lines = new MemoryStream();
        foreach (var document in Enumerable.Range(0, documents.Count).OrderBy(Place))
        {
            JsonSerializer.Serialize(lines, Document(document), Json);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }
}
