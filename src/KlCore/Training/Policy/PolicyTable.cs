using KlCore.Policies;

namespace KlCore.Training.Policy;

/// <summary>
/// A policy with a distribution of its own in each state: a softmax of as many parameters as there are tokens. All that is said of it is exact, by
/// going through the states.
/// </summary>
internal sealed class PolicyTable(TokenProcess process)
{
    private readonly double[] _visits = new double[process.States];

    /// <summary>The process.</summary>
    public TokenProcess Process => process;

    /// <summary>ln pi(token | state), state by state.</summary>
    public double[] Logs { get; } = new double[process.States * process.Vocabulary];

    /// <summary>With which probability each state is met.</summary>
    public IReadOnlyList<double> Visits => _visits;

    /// <summary>The parameters of the reference.</summary>
    public static double[] Reference(TokenProcess process)
    {
        var parameters = new double[process.States * process.Vocabulary];
        for (var i = 0; i < parameters.Length; i++) parameters[i] = process.LogReference[i % process.Vocabulary];
        return parameters;
    }

    /// <summary>Takes parameters over.</summary>
    public void Set(ReadOnlySpan<double> parameters)
    {
        var tokens = process.Vocabulary;
        for (var state = 0; state < process.States; state++)
        {
            var own = parameters.Slice(state * tokens, tokens);
            var logs = Logs.AsSpan(state * tokens, tokens);
            var (largest, sum) = (double.NegativeInfinity, 0.0);
            foreach (var value in own) largest = Math.Max(largest, value);
            foreach (var value in own) sum += Math.Exp(value - largest);
            var log = largest + Math.Log(sum);
            for (var token = 0; token < tokens; token++) logs[token] = own[token] - log;
        }

        Visit();
    }

    /// <summary>Reward and divergences of whole sequences, in nats.</summary>
    public PolicyMeasures Measure()
    {
        var (tokens, reward, reverse, forward) = (process.Vocabulary, 0.0, 0.0, 0.0);
        for (var state = 0; state < process.States; state++)
        {
            var (visit, previous) = (_visits[state], process.Previous(state));
            var reference = state == 0 ? 1 : Math.Exp(process.LogReference[previous]);
            for (var token = 0; token < tokens; token++)
            {
                var (log, logReference) = (Logs[state * tokens + token], process.LogReference[token]);
                reward += visit * Math.Exp(log) * process.Reward(previous, token);
                reverse += visit * TokenTerm.KlTerm(logReference, log - logReference);
                forward += reference * TokenTerm.KlTerm(log, logReference - log);
            }
        }

        return new PolicyMeasures(reward, forward, reverse);
    }

    private void Visit()
    {
        var tokens = process.Vocabulary;
        Array.Clear(_visits);
        _visits[0] = 1;
        for (var position = 0; position + 1 < process.Length; position++)
        {
            var (from, to) = process.StatesAt(position);
            for (var state = from; state < to; state++)
                for (var token = 0; token < tokens; token++) _visits[process.State(position + 1, token)] += _visits[state] * Math.Exp(Logs[state * tokens + token]);
        }
    }
}

/// <summary>What a policy earns and how far it is from the reference.</summary>
/// <param name="Reward">E[reward].</param>
/// <param name="Forward">KL(ref||pi), in nats.</param>
/// <param name="Reverse">KL(pi||ref).</param>
public sealed record PolicyMeasures(double Reward, double Forward, double Reverse);
