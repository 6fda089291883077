namespace KlCore.Training.Policy;

/// <summary>The policies that are best under a penalty, by formula.</summary>
internal static class PolicyOptimum
{
    /// <summary>
    /// Under beta KL(pi||ref): of whole sequences pi* = ref exp(reward/beta)/Z, which is pi(token | state) = ref exp((reward + V(next))/beta)/exp(V(state)/beta)
    /// with V = beta ln sum ref exp((reward + V(next))/beta), from the last position back.
    /// </summary>
    /// <returns>ln pi* as parameters.</returns>
    public static double[] Reverse(TokenProcess process, double beta)
    {
        var (tokens, logs, values) = (process.Vocabulary, new double[process.States * process.Vocabulary], new double[process.States]);
        for (var state = process.States - 1; state >= 0; state--)
        {
            var own = logs.AsSpan(state * tokens, tokens);
            var (position, previous, largest, sum) = (process.Position(state), process.Previous(state), double.NegativeInfinity, 0.0);
            for (var token = 0; token < tokens; token++)
            {
                var later = position + 1 < process.Length ? values[process.State(position + 1, token)] : 0;
                own[token] = process.LogReference[token] + process.Reward(previous, token) / beta + later;
                largest = Math.Max(largest, own[token]);
            }

            foreach (var log in own) sum += Math.Exp(log - largest);
            values[state] = largest + Math.Log(sum);
            for (var token = 0; token < tokens; token++) own[token] -= values[state];
        }

        return logs;
    }

    /// <summary>
    /// Of one token, under beta KL(ref||pi): pi* = beta ref/(c - reward), where c above the largest reward makes the sum 1. No token loses more than a share: none is
    /// below beta ref/(beta + the range of rewards).
    /// </summary>
    public static double[] Forward(TokenProcess process, double beta)
    {
        var largest = process.Rewards.Max();
        // c less the largest reward lies between beta times the reference's probability of it and beta.
        var best = Array.IndexOf(process.Rewards, largest);
        var (low, high) = (process.LogReference[best] + Math.Log(beta), Math.Log(beta));
        for (var i = 0; i < 200; i++)
        {
            var middle = 0.5 * (low + high);
            var sum = process.Rewards.Select((reward, token) => Math.Exp(Log(reward, token, middle))).Sum();
            if (sum > 1) low = middle;
            else high = middle;
        }

        return [.. process.Rewards.Select((reward, token) => Log(reward, token, 0.5 * (low + high)))];

        double Log(double reward, int token, double excess) => Math.Log(beta) + process.LogReference[token] - Math.Log(Math.Exp(excess) + (largest - reward));
    }
}
