namespace KlCore.Transport;

/// <summary>The solution of an entropic transport problem.</summary>
/// <param name="Cost">sum P C.</param>
/// <param name="Objective">sum P C + regularization KL(P || p x q).</param>
/// <param name="ErrorBound">How much the cost may change when the plan is repaired to have the exact marginals.</param>
internal sealed record EntropicTransport(double Cost, double Objective, double ErrorBound)
{
    private const double Tolerance = 1e-10;

    /// <summary>Entries of the plan that may be visited: about a second.</summary>
    private const double LargestWork = 1e9;

    private const double LargestIterations = 100_000;

    /// <summary>An iteration in the log domain takes an exponential for each entry, which is as much as this many multiplications.</summary>
    private const int LogCost = 20;

    /// <summary>
    /// Sinkhorn's iteration on the potentials f and g, P = p q exp((f + g - C)/eps), with eps lowered by halves from the largest cost so
    /// that the potentials are nearly right when the asked one is reached. Steps multiply a kernel that holds the potentials; as soon
    /// as its scalings leave a safe range they are taken up into the potentials by a step in the log domain, so nothing under- or overflows.
    /// </summary>
    /// <exception cref="NotComputableException">The marginals did not settle within the work that is allowed.</exception>
    public static EntropicTransport Solve(ReadOnlySpan<double> p, ReadOnlySpan<double> q, double[,] costs, double regularization)
    {
        var problem = new ScaledKernel(p, q, costs);
        var left = Math.Min(LargestIterations, LargestWork / ((double)problem.Rows * problem.Columns));
        for (var epsilon = problem.LargestCost; epsilon > 2 * regularization && left > 0; epsilon /= 2)
        {
            for (var i = 0; i < 2; i++, left -= LogCost) problem.IterateByLogarithms(epsilon);
        }

        var error = problem.IterateByLogarithms(regularization);
        while (left > 0 && error > Tolerance)
        {
            problem.TakeUp(regularization);
            left -= LogCost;
            while (left-- > 0 && error > Tolerance && problem.IsSafe) error = problem.Iterate();
            problem.GiveBack(regularization);
            error = problem.IterateByLogarithms(regularization);
            left -= LogCost;
        }

        if (error > Tolerance)
            throw new NotComputableException("not-converged", $"Sinkhorn's marginals were still off by {error:G3} when its work was used up. A larger regularization converges faster.");
        var (cost, objective) = problem.Values(regularization);
        return new(cost, objective, (error + 1e-15) * problem.LargestCost);
    }
}
