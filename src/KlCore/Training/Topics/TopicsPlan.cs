namespace KlCore.Training.Topics;

/// <summary>What a piece of work is.</summary>
internal enum Phase
{
    /// <summary>The E-step of some documents of a chunk.</summary>
    Documents,

    /// <summary>KL(q(beta) || prior) of some words, for the bound.</summary>
    Divergence,

    /// <summary>The M-step of some words.</summary>
    Blend,

    /// <summary>The exponentials of some words, and their part of what eta is learned from.</summary>
    Refresh,

    /// <summary>The topics of some documents that were held out, after a pass.</summary>
    Validation,

    /// <summary>The topics of some documents, in the end: those that were learned from, then those held out.</summary>
    Inference,

    /// <summary>Divergences between some pairs of topics.</summary>
    Distances,
}

/// <summary>A piece of work that is short enough for one step.</summary>
/// <param name="Phase">What it is.</param>
/// <param name="From">The first document, word or pair.</param>
/// <param name="To">The one behind the last.</param>
internal readonly record struct Piece(Phase Phase, int From, int To)
{
    /// <summary>The chunk, counted in its pass.</summary>
    public int Chunk { get; init; }

    /// <summary>Whether the phase of this chunk ends with it.</summary>
    public bool IsLast { get; init; }

    /// <summary>How many iterations of a document that is too long for one step have been due before; 0 at its beginning.</summary>
    public int Begun { get; init; }

    /// <summary>How many iterations are due.</summary>
    public int Iterations { get; init; }
}

/// <summary>
/// The steps of a run, known before it begins: each pass goes through the same pieces, and those of the end follow. The size of a piece depends on the
/// specification and the documents alone, so that a resumed run divides its work as it did before.
/// </summary>
internal sealed class TopicsPlan
{
    // Multiplications: some 4 ms with vectors, and less than 50 without.
    private const double Budget = 2e7;

    // Logarithms of the gamma function, of 50 ns or so.
    private const int GammaBudget = 200_000;

    // Multiplications of the M-step and its sums, and terms of divergences between topics.
    private const int WordBudget = 2_000_000;

    private readonly TopicsSpecification _specification;
    private readonly PreparedDocuments _documents;
    private readonly List<Piece> _pass = [];
    private readonly List<Piece> _end = [];

    public TopicsPlan(TopicsSpecification specification, PreparedDocuments documents)
    {
        (_specification, _documents) = (specification, documents);
        var chunks = Chunks;
        for (var chunk = 0; chunk < chunks; chunk++) AddChunk(chunk, chunks);
        AddDocuments(_pass, Phase.Validation, documents.HeldOut, 0, documents.HeldOut.Count, 0);
        AddDocuments(_end, Phase.Inference, documents.Training, 0, documents.Training.Count, 0);
        AddDocuments(_end, Phase.Inference, documents.HeldOut, 0, documents.HeldOut.Count, 1);
        AddWords(_end, Phase.Divergence, GammaBudget, chunks);
        var pairs = Pairs(specification.Topics, documents.Vocabulary.Count);
        Add(_end, Phase.Distances, pairs, Math.Max(1, WordBudget / documents.Vocabulary.Count), 0);
    }

    /// <summary>How many chunks a pass has.</summary>
    public int Chunks => (_documents.Training.Count + _specification.ChunkSize - 1) / _specification.ChunkSize;

    /// <summary>How many steps there are.</summary>
    public long Steps => PassesEnd + _end.Count;

    /// <summary>The first step after all passes.</summary>
    public long PassesEnd => (long)_specification.Passes * _pass.Count;

    /// <summary>The piece of a step.</summary>
    public Piece this[long step] => step < PassesEnd ? _pass[(int)(step % _pass.Count)] : _end[(int)(step - PassesEnd)];

    /// <summary>Whether the bound is taken of a chunk.</summary>
    public bool IsEvaluated(int chunk) => _specification.EvalEvery > 0 && ((chunk + 1) % _specification.EvalEvery == 0 || chunk == Chunks - 1);

    /// <summary>The pass of a step.</summary>
    public int Pass(long step) => (int)(Math.Min(step, PassesEnd - 1) / _pass.Count);

    /// <summary>How many pairs of topics are compared: all, or none if that is too much.</summary>
    public static int Pairs(int topics, int vocabulary)
    {
        const double most = 2e9;
        var pairs = topics * (topics - 1) / 2;
        return (double)pairs * vocabulary <= most ? pairs : 0;
    }

    /// <summary>Roughly how many bytes a run takes.</summary>
    public static long Memory(TopicsSpecification specification, PreparedDocuments documents)
    {
        long stride = TopicWords.StrideOf(specification.Topics), bag = Math.Max(documents.Training.LargestBag, documents.HeldOut.LargestBag);
        return sizeof(float) * (3 * stride * documents.Vocabulary.Count + 2 * stride * bag + (long)documents.Count * specification.Topics)
            + 8L * (documents.Training.Entries + documents.HeldOut.Entries);
    }

    /// <summary>Roughly how many multiplications a run takes.</summary>
    public static double Work(TopicsSpecification specification, PreparedDocuments documents)
    {
        var each = 2.0 * TopicWords.StrideOf(specification.Topics) * specification.Iterations;
        return each * ((specification.Passes + 1.0) * documents.Training.Entries + specification.Passes * (double)documents.HeldOut.Entries);
    }

    private void AddChunk(int chunk, int chunks)
    {
        var (from, to) = (chunk * _specification.ChunkSize, (int)Math.Min((chunk + 1L) * _specification.ChunkSize, _documents.Training.Count));
        AddDocuments(_pass, Phase.Documents, _documents.Training, from, to, chunk);
        if (IsEvaluated(chunk)) AddWords(_pass, Phase.Divergence, GammaBudget, chunk);
        if (!IsUpdated(chunk, chunks)) return;
        AddWords(_pass, Phase.Blend, WordBudget, chunk);
        AddWords(_pass, Phase.Refresh, _specification.Eta is { IsLearned: true } ? GammaBudget : WordBudget, chunk);
    }

    private bool IsUpdated(int chunk, int chunks) => _specification.UpdateEvery > 0 && (chunk + 1) % _specification.UpdateEvery == 0 || chunk == chunks - 1;

    private void AddWords(List<Piece> pieces, Phase phase, int budget, int chunk) =>
        Add(pieces, phase, _documents.Vocabulary.Count, Math.Max(1, budget / TopicWords.StrideOf(_specification.Topics)), chunk);

    private static void Add(List<Piece> pieces, Phase phase, int count, int size, int chunk)
    {
        for (var from = 0; from < count; from += Math.Min(size, count - from))
            pieces.Add(new Piece(phase, from, from + Math.Min(size, count - from)) { Chunk = chunk, IsLast = from + (long)size >= count });
    }

    // As many documents as fit; of one that does not, some iterations.
    private void AddDocuments(List<Piece> pieces, Phase phase, Corpus corpus, int from, int to, int chunk)
    {
        var (begin, cost, first) = (from, 0.0, pieces.Count);
        for (var document = from; document < to; document++)
        {
            var iteration = Iteration(corpus.Words(document).Length);
            var own = iteration * _specification.Iterations;
            if (document > begin && cost + own > Budget) Close(document);
            cost += own;
            if (own <= Budget) continue;
            var each = (int)Math.Clamp(Budget / iteration, 1, _specification.Iterations);
            for (var begun = 0; begun < _specification.Iterations; begun += each)
            {
                pieces.Add(new Piece(phase, document, document + 1)
                {
                    Chunk = chunk,
                    Begun = begun,
                    Iterations = Math.Min(each, _specification.Iterations - begun),
                });
            }

            (begin, cost) = (document + 1, 0);
        }

        if (to > begin) Close(to);
        if (pieces.Count > first) pieces[^1] = pieces[^1] with { IsLast = true };

        void Close(int end)
        {
            pieces.Add(new Piece(phase, begin, end) { Chunk = chunk, Iterations = _specification.Iterations });
            (begin, cost) = (end, 0);
        }
    }

    // Both products, and the digamma of each topic.
    private double Iteration(int words) => TopicWords.StrideOf(_specification.Topics) * (2.0 * words + 16);
}
