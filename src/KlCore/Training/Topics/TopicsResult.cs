using System.Text.Json.Serialization;

namespace KlCore.Training.Topics;

/// <summary>The topics that were found, and how well they explain the documents.</summary>
/// <param name="Topics">The topics.</param>
/// <param name="Bound">The evidence lower bound of the documents that were learned from, for each word, in nats: what Gensim's log_perplexity answers for them.</param>
/// <param name="Perplexity">exp(-bound).</param>
/// <param name="GensimPerplexity">2^(-bound), which Gensim logs as perplexity although its bound is in nats.</param>
/// <param name="Evidence">The bound in all, and what it is made of.</param>
/// <param name="Validation">The bound of the documents held out, if any were.</param>
/// <param name="Documents">The topics of the first documents.</param>
/// <param name="DocumentCount">How many documents were learned from.</param>
/// <param name="VocabularySize">How many different words there are.</param>
/// <param name="WordCount">How many words, repetitions included, the documents have that were learned from.</param>
/// <param name="Alpha">The prior of a document's topics, at the end.</param>
/// <param name="Eta">The prior of a topic's words, at the end; of learned ones, which differ from word to word, the mean.</param>
/// <param name="Coherence">The means of the topics' coherence.</param>
/// <param name="NearestTopics">The pairs of topics that are least apart, nearest first.</param>
/// <param name="ConvergedShare">The share of the documents whose topics stood still within the iterations, in the end.</param>
/// <param name="Warnings">What a reader of these numbers should know.</param>
public sealed record TopicsResult(
    IReadOnlyList<FoundTopic> Topics,
    double Bound,
    double Perplexity,
    double GensimPerplexity,
    EvidenceBound Evidence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ValidationBound? Validation,
    IReadOnlyList<DocumentTopics> Documents,
    int DocumentCount,
    int VocabularySize,
    long WordCount,
    IReadOnlyList<double> Alpha,
    double Eta,
    TopicCoherence Coherence,
    IReadOnlyList<TopicPair> NearestTopics,
    double ConvergedShare,
    IReadOnlyList<string> Warnings);

/// <summary>A topic.</summary>
/// <param name="Topic">Its number, from 0.</param>
/// <param name="Share">Which share of all words it is expected to have.</param>
/// <param name="Words">Its most probable words, the first the most.</param>
/// <param name="Coherence">Whether these words occur together.</param>
public sealed record FoundTopic(int Topic, double Share, IReadOnlyList<TopicWord> Words, TopicCoherence Coherence);

/// <summary>A word of a topic.</summary>
/// <param name="Word">The word.</param>
/// <param name="Probability">lambda divided by its sum: the mean of the word's probability under q.</param>
public sealed record TopicWord(string Word, double Probability);

/// <summary>
/// Whether the first words of a topic (at most 20) occur in the same documents; means over pairs of them, 0 where there is no pair. D counts documents
/// with a word or with both.
/// </summary>
/// <param name="UMass">The mean of ln((D(w, v) + 1) / D(v)), v the more probable one: 0 or so at best, more negative is worse. D. Mimno et al., EMNLP 2011.</param>
/// <param name="Npmi">The mean of ln(p(w, v) / (p(w) p(v))) / -ln p(w, v), from -1 (never together) to 1 (only together). G. Bouma, GSCL 2009.</param>
public sealed record TopicCoherence(double UMass, double Npmi);

/// <summary>
/// bound = likelihood - documentDivergence - topicDivergence = ln p(documents) - KL(q || posterior): a lower bound, since a divergence is never negative,
/// and the larger it is the smaller is the reverse KL from q to the posterior.
/// </summary>
/// <param name="Bound">The bound of all documents together, in nats.</param>
/// <param name="Likelihood">The sum over all words of ln(sum over k of exp(E[ln theta_k] + E[ln beta_kw])).</param>
/// <param name="DocumentDivergence">The sum over the documents of KL(q(theta) || Dirichlet(alpha)).</param>
/// <param name="TopicDivergence">The sum over the topics of KL(q(beta) || Dirichlet(eta)).</param>
/// <param name="Direction">Which divergence a larger bound makes smaller.</param>
/// <param name="Explanation">The same in words, with these numbers.</param>
public sealed record EvidenceBound(double Bound, double Likelihood, double DocumentDivergence, double TopicDivergence, string Direction, string Explanation);

/// <summary>The bound of documents that were not learned from, given the topics. Words that those learned from do not have are left out.</summary>
/// <param name="DocumentCount">How many there are.</param>
/// <param name="WordCount">How many words they have.</param>
/// <param name="Bound">(likelihood - documentDivergence) / words, in nats. That the topics themselves were uncertain is not counted again.</param>
/// <param name="Perplexity">exp(-bound).</param>
/// <param name="GensimBound">With the divergence of the topics taken from it in full, as Gensim's log_perplexity does of any documents, however few.</param>
/// <param name="BestPass">With early stopping: the pass whose topics these are.</param>
public sealed record ValidationBound(
    int DocumentCount,
    long WordCount,
    double Bound,
    double Perplexity,
    double GensimBound,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? BestPass = null);

/// <summary>What a document is about.</summary>
/// <param name="Document">Which document, from 0, in the order in which they were given.</param>
/// <param name="Topics">The topics that are at least as probable as was asked for, the most probable first.</param>
/// <param name="IsHeldOut">Whether it was not learned from.</param>
public sealed record DocumentTopics(int Document, IReadOnlyList<TopicShare> Topics, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsHeldOut = false);

/// <summary>A topic of a document.</summary>
/// <param name="Topic">Its number.</param>
/// <param name="Probability">gamma divided by its sum: the mean of the topic's share under q.</param>
public sealed record TopicShare(int Topic, double Probability);

/// <summary>How far apart two topics are, as distributions over words, in nats.</summary>
/// <param name="First">A topic.</param>
/// <param name="Second">Another.</param>
/// <param name="JensenShannon">Their Jensen-Shannon divergence, at most ln 2.</param>
/// <param name="Forward">KL(first || second).</param>
/// <param name="Reverse">KL(second || first).</param>
public sealed record TopicPair(int First, int Second, double JensenShannon, double Forward, double Reverse);
