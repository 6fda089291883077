using KlCore.Numerics;

namespace KlCore.Transport;

/// <summary>The solution of an entropic transport problem.</summary>
/// <param name="Cost">sum P C.</param>
/// <param name="Objective">sum P C + regularization KL(P || p x q).</param>
/// <param name="ErrorBound">How much the cost may change when the plan is repaired to have the exact marginals.</param>
internal sealed record EntropicTransport(double Cost, double Objective, double ErrorBound)
{
    private const double Tolerance = 1e-10;
    private const double LargestWork = 2e7;
    private const double LargestIterations = 100_000;

    /// <summary>
    /// Sinkhorn's iteration on the potentials f and g, P = p q exp((f + g - C)/eps), each step by log-sum-exp, with eps lowered by
    /// halves from the largest cost so that the potentials are nearly right when the asked one is reached.
    /// </summary>
    /// <exception cref="NotComputableException">The marginals did not settle within the work that is allowed.</exception>
    public static EntropicTransport Solve(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double[,] costs, double regularization)
    {
        var problem = new Problem(p, q, costs);
        var left = (int)Math.Min(LargestIterations, LargestWork / ((double)problem.Rows * problem.Columns));
        for (var epsilon = problem.LargestCost; epsilon > 2 * regularization && left > 0; epsilon /= 2)
        {
            for (var i = 0; i < 4; i++, left--) problem.Iterate(epsilon);
        }

        var error = double.PositiveInfinity;
        while (left-- > 0 && error > Tolerance) error = problem.Iterate(regularization);
        if (error > Tolerance)
            throw new NotComputableException("not-converged", $"Sinkhorn's marginals were still off by {error:G3} when its work was used up. A larger regularization converges faster.");
        var (cost, objective) = problem.Values(regularization);
        return new(cost, objective, (error + 1e-15) * problem.LargestCost);
    }

    /// <summary>The categories that have mass on either side, with the potentials of the current step.</summary>
    private sealed class Problem
    {
        private readonly double[] _p;
        private readonly double[] _q;
        private readonly double[] _logP;
        private readonly double[] _logQ;
        private readonly double[,] _cost;
        private readonly double[] _f;
        private readonly double[] _g;

        public Problem(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double[,] costs)
        {
            var (rows, columns) = (Positive(p), Positive(q));
            (_p, _q) = (Pick(p, rows), Pick(q, columns));
            (_logP, _logQ) = (Array.ConvertAll(_p, Math.Log), Array.ConvertAll(_q, Math.Log));
            (_f, _g, _cost) = (new double[rows.Length], new double[columns.Length], new double[rows.Length, columns.Length]);
            for (var i = 0; i < rows.Length; i++)
            {
                for (var j = 0; j < columns.Length; j++) _cost[i, j] = costs[rows[i], columns[j]];
            }

            foreach (var cost in _cost) LargestCost = Math.Max(LargestCost, cost);
        }

        public int Rows => _p.Length;

        public int Columns => _q.Length;

        public double LargestCost { get; }

        /// <summary>One update of f and then of g; returns by how much the rows were off before, in total.</summary>
        public double Iterate(double epsilon)
        {
            var error = 0.0;
            for (var i = 0; i < Rows; i++)
            {
                var next = -epsilon * LogSum(i, epsilon);
                error += _p[i] * Math.Abs(Elementary.Expm1((_f[i] - next) / epsilon));
                _f[i] = next;
            }

            for (var j = 0; j < Columns; j++) _g[j] = -epsilon * LogSumOfColumn(j, epsilon);
            return error;
        }

        public (double Cost, double Objective) Values(double epsilon)
        {
            CompensatedSum cost = new(), entropy = new();
            for (var i = 0; i < Rows; i++)
            {
                for (var j = 0; j < Columns; j++)
                {
                    var log = (_f[i] + _g[j] - _cost[i, j]) / epsilon;
                    var plan = Math.Exp(_logP[i] + _logQ[j] + log);
                    cost.Add(plan * _cost[i, j]);
                    entropy.Add(plan * log);
                }
            }

            return (cost.Value, cost.Value + epsilon * Math.Max(0, entropy.Value));
        }

        private double LogSum(int row, double epsilon)
        {
            var largest = double.NegativeInfinity;
            for (var j = 0; j < Columns; j++) largest = Math.Max(largest, _logQ[j] + (_g[j] - _cost[row, j]) / epsilon);
            var sum = 0.0;
            for (var j = 0; j < Columns; j++) sum += Math.Exp(_logQ[j] + (_g[j] - _cost[row, j]) / epsilon - largest);
            return largest + Math.Log(sum);
        }

        private double LogSumOfColumn(int column, double epsilon)
        {
            var largest = double.NegativeInfinity;
            for (var i = 0; i < Rows; i++) largest = Math.Max(largest, _logP[i] + (_f[i] - _cost[i, column]) / epsilon);
            var sum = 0.0;
            for (var i = 0; i < Rows; i++) sum += Math.Exp(_logP[i] + (_f[i] - _cost[i, column]) / epsilon - largest);
            return largest + Math.Log(sum);
        }

        private static int[] Positive(ReadOnlySpan<double> masses)
        {
            var positive = new List<int>();
            for (var i = 0; i < masses.Length; i++)
            {
                if (masses[i] > 0) positive.Add(i);
            }

            return [.. positive];
        }

        private static double[] Pick(ReadOnlySpan<double> masses, int[] indices)
        {
            var picked = new double[indices.Length];
            for (var k = 0; k < indices.Length; k++) picked[k] = masses[indices[k]];
            return picked;
        }
    }
}
