namespace KlCore.Training.Policy;

/// <summary>
/// What happens: <see cref="Length"/> tokens, one after the other, each with a reward that depends on it and on the token before it. A bandit is a
/// process of one token. A state is what a policy sees: the position and the previous token, of which the first position has one only.
/// </summary>
/// <param name="Length">How many tokens.</param>
/// <param name="Rewards">The reward of each token.</param>
/// <param name="LogReference">ln of the reference's probability of each token, in every state.</param>
internal sealed record TokenProcess(int Length, double[] Rewards, double[] LogReference)
{
    /// <summary>One or two tokens in a row with a reward of their own; null for none.</summary>
    public int[]? Pattern { get; init; }

    /// <summary>The reward of the pattern.</summary>
    public double PatternReward { get; init; }

    /// <summary>The standard deviation of each token's reward; null for none.</summary>
    public double[]? Noise { get; init; }

    /// <summary>How many different tokens there are.</summary>
    public int Vocabulary => Rewards.Length;

    /// <summary>How many states there are.</summary>
    public int States => 1 + (Length - 1) * Vocabulary;

    /// <summary>The state at a position after a token; at the first position there is none before.</summary>
    public int State(int position, int previous) => position == 0 ? 0 : 1 + (position - 1) * Vocabulary + previous;

    /// <summary>The states of a position, from the first to behind the last.</summary>
    public (int From, int To) StatesAt(int position) => position == 0 ? (0, 1) : (State(position, 0), State(position, Vocabulary));

    /// <summary>The token before a state; -1 at the beginning.</summary>
    public int Previous(int state) => state == 0 ? -1 : (state - 1) % Vocabulary;

    /// <summary>The position of a state.</summary>
    public int Position(int state) => state == 0 ? 0 : 1 + (state - 1) / Vocabulary;

    /// <summary>The mean reward of a token after another.</summary>
    public double Reward(int previous, int token)
    {
        var completes = Pattern is [var only] && only == token || Pattern is [var first, var second] && first == previous && second == token;
        return Rewards[token] + (completes ? PatternReward : 0);
    }
}
