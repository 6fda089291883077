using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>
/// The E-step of one document: coordinate ascent on its part of the bound, over gamma of q(theta) = Dirichlet(gamma) and, implicitly, over the share
/// phi of each topic in each word: phi_wk is proportional to exp(psi(gamma_k)) b_wk with b = exp(E[ln beta]), and gamma_k = alpha_k + sum of
/// count_w phi_wk. A factor common to all topics cancels, so that neither b nor exp(psi(gamma)) need be normalised. Allocates nothing
/// after its making.
/// </summary>
/// <remarks>
/// M. Hoffman, D. Blei, F. Bach: Online learning for latent Dirichlet allocation, NIPS 2010. The rows of the document's words are copied twice, words
/// by topics and topics by words, so that both products run over neighbours and no vector is summed across but that of the change.
/// </remarks>
internal sealed unsafe class DocumentInference
{
    private const int Widest = 16;

    /// <summary>What a normaliser is at least; reached only if every topic that has the word is impossible in the document.</summary>
    private const float Tiny = 1e-30f;

    private readonly TopicWords _topics;
    private readonly AlignedFloats _rows, _columns, _counts, _norms, _ratios, _gamma, _weights, _alpha;
    private readonly int[] _ids;
    private int _words, _width;

    /// <param name="topics">What is known of the topics.</param>
    /// <param name="largestBag">How many different words a document has at most.</param>
    public DocumentInference(TopicWords topics, int largestBag)
    {
        _topics = topics;
        var width = Math.Max(Widest, WidthOf(largestBag));
        _rows = new AlignedFloats((long)Math.Max(1, largestBag) * topics.Stride);
        _columns = new AlignedFloats((long)width * topics.Topics);
        (_counts, _norms, _ratios) = (new AlignedFloats(width), new AlignedFloats(width), new AlignedFloats(width));
        (_gamma, _weights, _alpha) = (new AlignedFloats(topics.Stride), new AlignedFloats(topics.Stride), new AlignedFloats(topics.Stride));
        _ids = new int[Math.Max(1, largestBag)];
        // Beyond the topics gamma stays at alpha, 1, since the rows are 0 there.
        _gamma.Span.Fill(1);
        _alpha.Span.Fill(1);
    }

    /// <summary>gamma of the document.</summary>
    public Span<float> Gamma => _gamma.Span[.._topics.Topics];

    /// <summary>Takes a document up: the rows of its words.</summary>
    /// <param name="words">The ids of its words, each once.</param>
    /// <param name="counts">How often each occurs.</param>
    /// <param name="alpha">The prior of its topics.</param>
    public void Load(ReadOnlySpan<int> words, ReadOnlySpan<float> counts, ReadOnlySpan<double> alpha)
    {
        (_words, _width) = (words.Length, WidthOf(words.Length));
        words.CopyTo(_ids);
        _counts.Span[.._width].Clear();
        counts.CopyTo(_counts.Span);
        for (var k = 0; k < alpha.Length; k++) _alpha.Pointer[k] = (float)alpha[k];
        var (topics, stride) = (_topics.Topics, _topics.Stride);
        for (var w = 0; w < words.Length; w++)
        {
            float* source = _topics.Expected.Pointer + (long)words[w] * stride, row = _rows.Pointer + (long)w * stride, column = _columns.Pointer + w;
            Buffer.MemoryCopy(source, row, stride * sizeof(float), stride * sizeof(float));
            for (var k = 0; k < topics; k++) column[(long)k * _width] = source[k];
        }

        // Words that are not there occur 0 times; their normaliser must not be 0.
        for (var w = words.Length; w < _width; w++)
            for (var k = 0; k < topics; k++) _columns.Pointer[(long)k * _width + w] = 1;
    }

    /// <summary>Makes phi that of the present <see cref="Gamma"/>.</summary>
    public void Begin()
    {
        if (FloatLanes512.IsSupported) Begin<FloatLanes512>();
        else if (FloatLanes256.IsSupported) Begin<FloatLanes256>();
        else Begin<FloatLanes32>();
    }

    /// <summary>Updates gamma and phi in turn, until the mean change of gamma's elements is below the threshold.</summary>
    /// <param name="most">How often at most.</param>
    /// <param name="threshold">The change that no longer counts.</param>
    /// <param name="updates">How often it was.</param>
    /// <returns>Whether the threshold was reached.</returns>
    public bool Improve(int most, double threshold, out int updates)
    {
        if (FloatLanes512.IsSupported) return Improve<FloatLanes512>(most, threshold, out updates);
        return FloatLanes256.IsSupported ? Improve<FloatLanes256>(most, threshold, out updates) : Improve<FloatLanes32>(most, threshold, out updates);
    }

    /// <summary>Adds the document's expected counts of words and topics to the fresh ones.</summary>
    public void Collect()
    {
        if (FloatLanes512.IsSupported) Collect<FloatLanes512>();
        else if (FloatLanes256.IsSupported) Collect<FloatLanes256>();
        else Collect<FloatLanes32>();
    }

    /// <summary>
    /// The document's part of the bound: <paramref name="likelihood"/> = sum of count_w ln(sum over k of exp(E[ln theta_k] + E[ln beta_kw])), and
    /// <paramref name="divergence"/> = KL(q(theta) || prior), which is to be taken from it.
    /// </summary>
    public void Evaluate(ReadOnlySpan<double> alpha, out double likelihood, out double divergence)
    {
        var (sum, words) = (0.0, 0.0);
        foreach (var gamma in Gamma) sum += gamma;
        var shift = GammaFunctions.Digamma(sum);
        for (var w = 0; w < _words; w++) words += _counts.Pointer[w] * (Math.Log(_norms.Pointer[w]) + _topics.LogScales[_ids[w]] - shift);
        likelihood = words;
        divergence = DirichletDivergence.Of(Gamma, alpha);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin<T>() where T : struct, IFloatLanes<T>
    {
        for (var k = 0; k < _topics.Topics; k += T.Count) ExpDigamma.Of(T.Load(_gamma.Pointer + k)).Store(_weights.Pointer + k);
        Normalise<T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Improve<T>(int most, double threshold, out int updates) where T : struct, IFloatLanes<T>
    {
        // Beyond the topics nothing changes.
        var limit = threshold * _topics.Topics;
        for (updates = 1; updates <= most; updates++)
        {
            var change = T.All(0);
            var k = 0;
            for (; k + T.Count < _topics.Topics; k += 2 * T.Count)
            {
                Pair<T>(k, out var first, out var second);
                change = change + Update(k, first) + Update(k + T.Count, second);
            }

            if (k < _topics.Topics) change += Update(k, Single<T>(k));
            Normalise<T>();
            if (change.Sum() < limit) return true;
        }

        updates = most;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Update<T>(int k, T sum) where T : struct, IFloatLanes<T>
    {
        var gamma = T.MultiplyAdd(T.Load(_weights.Pointer + k), sum, T.Load(_alpha.Pointer + k));
        var change = T.Abs(gamma - T.Load(_gamma.Pointer + k));
        gamma.Store(_gamma.Pointer + k);
        ExpDigamma.Of(gamma).Store(_weights.Pointer + k);
        return change;
    }

    // The sums over the words of ratio b for as many topics as there are lanes; eight sums side by side, since each waits for itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Single<T>(int k) where T : struct, IFloatLanes<T>
    {
        long stride = _topics.Stride;
        float* row = _rows.Pointer + k, ratio = _ratios.Pointer, end = _ratios.Pointer + _words;
        T a = T.All(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (; ratio + 8 <= end; ratio += 8, row += 8 * stride)
        {
            a = T.MultiplyAdd(T.All(ratio[0]), T.Load(row), a);
            b = T.MultiplyAdd(T.All(ratio[1]), T.Load(row + stride), b);
            c = T.MultiplyAdd(T.All(ratio[2]), T.Load(row + 2 * stride), c);
            d = T.MultiplyAdd(T.All(ratio[3]), T.Load(row + 3 * stride), d);
            e = T.MultiplyAdd(T.All(ratio[4]), T.Load(row + 4 * stride), e);
            f = T.MultiplyAdd(T.All(ratio[5]), T.Load(row + 5 * stride), f);
            g = T.MultiplyAdd(T.All(ratio[6]), T.Load(row + 6 * stride), g);
            h = T.MultiplyAdd(T.All(ratio[7]), T.Load(row + 7 * stride), h);
        }

        for (; ratio < end; ratio++, row += stride) a = T.MultiplyAdd(T.All(ratio[0]), T.Load(row), a);
        return a + b + (c + d) + (e + f + (g + h));
    }

    // The same for twice as many topics, so that each ratio is spread once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pair<T>(int k, out T first, out T second) where T : struct, IFloatLanes<T>
    {
        long stride = _topics.Stride;
        float* row = _rows.Pointer + k, ratio = _ratios.Pointer, end = _ratios.Pointer + _words;
        T a = T.All(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (; ratio + 4 <= end; ratio += 4, row += 4 * stride)
        {
            var spread = T.All(ratio[0]);
            a = T.MultiplyAdd(spread, T.Load(row), a);
            b = T.MultiplyAdd(spread, T.Load(row + T.Count), b);
            spread = T.All(ratio[1]);
            c = T.MultiplyAdd(spread, T.Load(row + stride), c);
            d = T.MultiplyAdd(spread, T.Load(row + stride + T.Count), d);
            spread = T.All(ratio[2]);
            e = T.MultiplyAdd(spread, T.Load(row + 2 * stride), e);
            f = T.MultiplyAdd(spread, T.Load(row + 2 * stride + T.Count), f);
            spread = T.All(ratio[3]);
            g = T.MultiplyAdd(spread, T.Load(row + 3 * stride), g);
            h = T.MultiplyAdd(spread, T.Load(row + 3 * stride + T.Count), h);
        }

        for (; ratio < end; ratio++, row += stride)
        {
            var spread = T.All(ratio[0]);
            a = T.MultiplyAdd(spread, T.Load(row), a);
            b = T.MultiplyAdd(spread, T.Load(row + T.Count), b);
        }

        (first, second) = (a + c + (e + g), b + d + (f + h));
    }

    // The normalisers of phi, sum over k of exp(psi(gamma_k)) b_wk, and what each word's count is to them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Normalise<T>() where T : struct, IFloatLanes<T>
    {
        long width = _width;
        var (topics, w) = (_topics.Topics, 0);
        for (; w + 4 * T.Count <= width; w += 4 * T.Count)
        {
            var column = _columns.Pointer + w;
            T a = T.All(0), b = a, c = a, d = a;
            for (var k = 0; k < topics; k++, column += width)
            {
                var spread = T.All(_weights.Pointer[k]);
                a = T.MultiplyAdd(spread, T.Load(column), a);
                b = T.MultiplyAdd(spread, T.Load(column + T.Count), b);
                c = T.MultiplyAdd(spread, T.Load(column + 2 * T.Count), c);
                d = T.MultiplyAdd(spread, T.Load(column + 3 * T.Count), d);
            }

            Divide(w, a);
            Divide(w + T.Count, b);
            Divide(w + 2 * T.Count, c);
            Divide(w + 3 * T.Count, d);
        }

        for (; w < width; w += T.Count)
        {
            var column = _columns.Pointer + w;
            var sum = T.All(0);
            for (var k = 0; k < topics; k++, column += width) sum = T.MultiplyAdd(T.All(_weights.Pointer[k]), T.Load(column), sum);
            Divide(w, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Divide<T>(int w, T sum) where T : struct, IFloatLanes<T>
    {
        var norm = T.Max(T.All(Tiny), sum);
        norm.Store(_norms.Pointer + w);
        (T.Load(_counts.Pointer + w) / norm).Store(_ratios.Pointer + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect<T>() where T : struct, IFloatLanes<T>
    {
        var stride = _topics.Stride;
        for (var w = 0; w < _words; w++)
        {
            float* row = _rows.Pointer + (long)w * stride, fresh = _topics.Fresh.Pointer + (long)_ids[w] * stride;
            var ratio = T.All(_ratios.Pointer[w]);
            for (var k = 0; k < _topics.Topics; k += T.Count)
                T.MultiplyAdd(ratio * T.Load(_weights.Pointer + k), T.Load(row + k), T.Load(fresh + k)).Store(fresh + k);
        }
    }

    private static int WidthOf(int words) => (words + Widest - 1) / Widest * Widest;
}
