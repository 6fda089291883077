using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KlCore.Logits;

/// <summary>
/// All that one position of a text (one row of logits on each side) contributes to a report, in nats. Fixed layout without references, so
/// that positions can be kept in a file and read back. Values may be +Infinity, never NaN.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Position
{
    /// <summary>How many sizes of top-k lists are compared at most.</summary>
    public const int TopKLimit = 8;

    /// <summary>KL(p || q).</summary>
    public double Forward;

    /// <summary>KL(q || p).</summary>
    public double Reverse;

    /// <summary>Jensen-Shannon divergence, at most ln 2.</summary>
    public double JensenShannon;

    /// <summary>Total variation, at most 1.</summary>
    public double TotalVariation;

    /// <summary>Hellinger distance sqrt(1 - sum sqrt(p q)), at most 1.</summary>
    public double Hellinger;

    /// <summary>Entropy of p.</summary>
    public double EntropyP;

    /// <summary>Entropy of q.</summary>
    public double EntropyQ;

    /// <summary>The forward KL that rounding the logits to their data types alone would be expected to cause: sum p ulp(x)^2 / 24 + sum q ulp(y)^2 / 24.</summary>
    public double NoiseFloor;

    /// <summary>ln p of the target, where there is one.</summary>
    public double TargetLogP;

    /// <summary>ln q of the target, where there is one.</summary>
    public double TargetLogQ;

    /// <summary>The largest probability of p.</summary>
    public double TopProbabilityP;

    /// <summary>The largest probability of q.</summary>
    public double TopProbabilityQ;

    /// <summary>The mass of p on tokens that only p has, where vocabularies differ and are truncated.</summary>
    public double RemovedP;

    /// <summary>The mass of q on tokens that only q has.</summary>
    public double RemovedQ;

    /// <summary>The first token of p with the largest logit.</summary>
    public int TopP;

    /// <summary>The first token of q with the largest logit.</summary>
    public int TopQ;

    /// <summary>The rank in q of p's top token: 1 plus the number of tokens with a larger logit in q, plus those before it with an equal one.</summary>
    public int RankInQ;

    /// <summary>The token that follows, or -1.</summary>
    public int Target;

    /// <summary>How many tokens the two top-k lists have in common, for each k asked for.</summary>
    public TopKCounts Overlap;

    /// <summary>How many tokens the two top-k lists have in common counted from the top until the first difference in order, for each k.</summary>
    public TopKCounts OrderedMatch;

    /// <summary>llama.cpp's truncated forward KL in its own arithmetic; may be slightly negative. Only where asked for.</summary>
    public float LlamaDivergence;

    /// <summary>llama.cpp's negative log-likelihood of the target under q. Only where asked for.</summary>
    public float LlamaLossQ;

    /// <summary>llama.cpp's negative log-likelihood of the target under the stored p. Only where asked for.</summary>
    public float LlamaLossP;

    /// <summary>What else is to be known.</summary>
    public PositionFacts Facts;
}

/// <summary>One count for each size of top-k list.</summary>
[InlineArray(Position.TopKLimit)]
public struct TopKCounts
{
    private int _first;
}

/// <summary>Facts about a position.</summary>
[Flags]
public enum PositionFacts
{
    /// <summary>Nothing out of the ordinary.</summary>
    None = 0,

    /// <summary>p has a NaN or +Infinity, or no finite logit at all: it is no distribution and every value of the position is 0.</summary>
    InvalidP = 1,

    /// <summary>The same of q.</summary>
    InvalidQ = 2,

    /// <summary>The first largest logits of q and of the stored p are at the same token, in llama.cpp's arithmetic.</summary>
    LlamaSameTop = 4,

    /// <summary>The target lies at the floor of llama.cpp's 16-bit window: its loss under p is at least what is stored.</summary>
    Saturated = 8,
}
