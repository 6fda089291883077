using KlCore.Numerics;
using KlCore.Policies;

namespace KlCore.Training.Policy;

/// <summary>
/// The gradient of what a policy pays: minus the expected reward, plus beta times the penalty. Each token's coefficient is what its log-probability's
/// gradient is multiplied with: the rewards from here on, less beta k(delta) of each token from here on where the penalty is in the reward, less beta
/// k'(delta) of the token itself where it is in the loss; delta = ln pi - ln ref.
/// </summary>
internal sealed class PolicyGradient(PolicyTable table, PolicyPenalty penalty)
{
    private readonly TokenProcess _process = table.Process;
    private readonly double[] _values = new double[table.Process.States];
    private readonly double[] _coefficients = new double[table.Process.Vocabulary];

    /// <summary>In expectation over all sequences; without an estimator that of the KL itself, the states that a token leads to included.</summary>
    public void Exact(double beta, Span<double> gradient)
    {
        var (tokens, isForward) = (_process.Vocabulary, penalty is { Estimator: null, Direction: PenaltyDirection.Forward });
        gradient.Clear();
        for (var state = _process.States - 1; state >= 0; state--)
        {
            var (position, previous, mean) = (_process.Position(state), _process.Previous(state), 0.0);
            _values[state] = 0;
            for (var token = 0; token < tokens; token++)
            {
                var log = table.Logs[state * tokens + token];
                var term = isForward ? default : TokenTerm.Of(penalty.Used, PolicyClamp.None, log - _process.LogReference[token], 0);
                var (inReward, inLoss) = penalty.Place == PenaltyPlace.Reward ? (term.Value, 0.0) : (0.0, term.Derivative);
                var later = position + 1 < _process.Length ? _values[_process.State(position + 1, token)] : 0;
                var value = _process.Reward(previous, token) - beta * inReward + later;
                var probability = Math.Exp(log);
                _coefficients[token] = value - beta * inLoss;
                // Where a token is impossible by now, what its estimator says may be infinite and does not count.
                if (probability == 0) _coefficients[token] = 0;
                else _values[state] += probability * value;
                mean += probability * _coefficients[token];
            }

            for (var token = 0; token < tokens; token++)
                gradient[state * tokens + token] = -table.Visits[state] * Math.Exp(table.Logs[state * tokens + token]) * (_coefficients[token] - mean);
            if (isForward) AddForward(state, previous, beta, gradient);
        }
    }

    /// <summary>From sequences that the policy draws; of each position the mean over the other sequences is taken off, which adds no bias.</summary>
    /// <returns>The mean over the sequences of the sum of delta: k1, an estimate of KL(pi||ref).</returns>
    public double Sampled(RandomStream random, int batch, double beta, Span<double> gradient)
    {
        var (tokens, length) = (_process.Vocabulary, _process.Length);
        var (states, drawn, coefficients, returns) = (new int[batch * length], new int[batch * length], new double[batch * length], new double[batch * length]);
        var kl = 0.0;
        for (var b = 0; b < batch; b++)
        {
            var previous = -1;
            for (var position = 0; position < length; position++)
            {
                var (i, state) = (b * length + position, _process.State(position, previous));
                var token = Draw(random, state);
                var delta = table.Logs[state * tokens + token] - _process.LogReference[token];
                var term = TokenTerm.Of(penalty.Used, PolicyClamp.None, delta, 0);
                returns[i] = _process.Reward(previous, token) + (_process.Noise is { } noise ? noise[token] * random.NextNormal() : 0);
                if (penalty.Place == PenaltyPlace.Reward) returns[i] -= beta * term.Value;
                else coefficients[i] = -beta * term.Derivative;
                kl += delta / batch;
                (states[i], drawn[i], previous) = (state, token, token);
            }

            var later = 0.0;
            for (var position = length - 1; position >= 0; position--) coefficients[b * length + position] += later += returns[b * length + position];
        }

        gradient.Clear();
        for (var position = 0; position < length; position++)
        {
            var mean = 0.0;
            for (var b = 0; b < batch; b++) mean += coefficients[b * length + position] / batch;
            for (var b = 0; b < batch; b++)
            {
                var i = b * length + position;
                // c less the mean of the others is (c - mean) n/(n - 1).
                var advantage = batch == 1 ? coefficients[i] : (coefficients[i] - mean) / (batch - 1);
                var own = gradient.Slice(states[i] * tokens, tokens);
                for (var token = 0; token < tokens; token++) own[token] += advantage * Math.Exp(table.Logs[states[i] * tokens + token]);
                own[drawn[i]] -= advantage;
            }
        }

        return kl;
    }

    // grad KL(ref||pi) is ref's probability of the state times (pi - ref).
    private void AddForward(int state, int previous, double beta, Span<double> gradient)
    {
        var visit = state == 0 ? 1 : Math.Exp(_process.LogReference[previous]);
        for (var token = 0; token < _process.Vocabulary; token++)
            gradient[state * _process.Vocabulary + token] += beta * visit * (Math.Exp(table.Logs[state * _process.Vocabulary + token]) - Math.Exp(_process.LogReference[token]));
    }

    private int Draw(RandomStream random, int state)
    {
        var (left, tokens) = (random.NextUniform(), _process.Vocabulary);
        for (var token = 0; token < tokens - 1; token++)
        {
            left -= Math.Exp(table.Logs[state * tokens + token]);
            if (left < 0) return token;
        }

        return tokens - 1;
    }
}
