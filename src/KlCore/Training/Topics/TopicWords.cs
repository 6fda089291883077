using System.Runtime.CompilerServices;
using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>
/// What a model knows of its topics: for word w and topic k the expected number of times s that w came from k, so that q(beta_k) is
/// Dirichlet(lambda) with lambda = eta + s; and the exponentials of E[ln beta] = psi(lambda) - psi(sum of lambda) that inference needs. All word by
/// word, topics side by side, so that a document gathers whole rows. Rows are as long as a multiple of 16; what is beyond the topics is 0 in the
/// exponentials.
/// </summary>
internal sealed unsafe class TopicWords
{
    private const int Widest = 16;

    public TopicWords(int topics, int vocabulary)
    {
        (Topics, Vocabulary, Stride) = (topics, vocabulary, StrideOf(topics));
        Statistics = new AlignedFloats((long)vocabulary * Stride);
        Fresh = new AlignedFloats((long)vocabulary * Stride);
        Expected = new AlignedFloats((long)vocabulary * Stride);
        LogScales = new double[vocabulary];
        Sums = new double[topics];
    }

    public int Topics { get; }

    public int Vocabulary { get; }

    /// <summary>How far apart the rows of two words are.</summary>
    public int Stride { get; }

    /// <summary>s.</summary>
    public AlignedFloats Statistics { get; }

    /// <summary>The counts of the documents since the last update.</summary>
    public AlignedFloats Fresh { get; }

    /// <summary>exp(E[ln beta]) of each word, divided by the largest of the word: nothing of what an unlikely word says about topics underflows.</summary>
    public AlignedFloats Expected { get; }

    /// <summary>The logarithm of what each word's exponentials were divided by.</summary>
    public double[] LogScales { get; }

    /// <summary>The sum of lambda of each topic, over all words.</summary>
    public double[] Sums { get; }

    /// <summary>How long a row for so many topics is.</summary>
    public static int StrideOf(int topics) => (topics + Widest - 1) / Widest * Widest;

    /// <summary>lambda of a word and a topic, given the word's eta.</summary>
    public double Lambda(int word, int topic, double eta) => eta + Statistics.Pointer[(long)word * Stride + topic];

    /// <summary>For some words s becomes keep s + add times the fresh counts, which become 0.</summary>
    public void Blend(int from, int to, float keep, float add)
    {
        Span<float> statistics = Rows(Statistics, from, to), fresh = Rows(Fresh, from, to);
        for (var i = 0; i < statistics.Length; i++) statistics[i] = keep * statistics[i] + add * fresh[i];
        fresh.Clear();
    }

    /// <summary>Adds lambda of some words to the sums of the topics.</summary>
    public void AddSums(int from, int to, ReadOnlySpan<double> eta, Span<double> sums)
    {
        for (var word = from; word < to; word++)
        {
            var row = Statistics.Pointer + (long)word * Stride;
            var prior = eta[eta.Length == 1 ? 0 : word];
            for (var k = 0; k < sums.Length; k++) sums[k] += prior + row[k];
        }
    }

    /// <summary>Computes the exponentials of some words from lambda and its sums.</summary>
    public void Refresh(int from, int to, ReadOnlySpan<double> eta)
    {
        // 1/exp(psi(sum)) of each topic, relative to the largest; 0 beyond the topics.
        Span<double> log = Topics <= 1024 ? stackalloc double[Topics] : new double[Topics];
        for (var k = 0; k < Topics; k++) log[k] = -GammaFunctions.Digamma(Sums[k]);
        var largest = double.NegativeInfinity;
        foreach (var value in log) largest = Math.Max(largest, value);
        var factors = new AlignedFloats(Stride);
        for (var k = 0; k < Topics; k++) factors.Pointer[k] = (float)Math.Exp(log[k] - largest);
        if (FloatLanes512.IsSupported) Refresh<FloatLanes512>(from, to, eta, factors.Pointer, largest);
        else if (FloatLanes256.IsSupported) Refresh<FloatLanes256>(from, to, eta, factors.Pointer, largest);
        else Refresh<FloatLanes32>(from, to, eta, factors.Pointer, largest);
    }

    private Span<float> Rows(AlignedFloats floats, int from, int to) => floats.Span[(from * Stride)..(to * Stride)];

    // exp(psi(lambda)) is Far exp(-Shift); the smallest Shift of the word goes into its scale, and so does the largest of what is left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Refresh<T>(int from, int to, ReadOnlySpan<double> eta, float* factors, double logFactor) where T : struct, IFloatLanes<T>
    {
        for (var word = from; word < to; word++)
        {
            float* row = Statistics.Pointer + (long)word * Stride, expected = Expected.Pointer + (long)word * Stride;
            var prior = T.All((float)eta[eta.Length == 1 ? 0 : word]);
            var least = T.All(float.NegativeInfinity);
            for (var k = 0; k < Topics; k += T.Count)
            {
                // Where there is no topic the shift is that of 1 or so, and must not be the least.
                var shift = T.All(0) - ExpDigamma.Shift(T.Load(row + k) + prior);
                shift = T.Select(T.Less(T.All(0), T.Load(factors + k)), shift, T.All(float.NegativeInfinity));
                least = T.Max(least, shift);
            }

            var smallest = least.Largest();
            var most = T.All(0);
            for (var k = 0; k < Topics; k += T.Count)
            {
                var lambda = T.Load(row + k) + prior;
                var value = ExpDigamma.Far(lambda) * ExpDigamma.Exp(T.All(0) - ExpDigamma.Shift(lambda) - T.All(smallest)) * T.Load(factors + k);
                value.Store(expected + k);
                most = T.Max(most, value);
            }

            var largest = most.Largest();
            var inverse = T.All(1 / largest);
            for (var k = 0; k < Topics; k += T.Count) (T.Load(expected + k) * inverse).Store(expected + k);
            LogScales[word] = Math.Log(largest) + smallest + logFactor;
        }
    }
}
