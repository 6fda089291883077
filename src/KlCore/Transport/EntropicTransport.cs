namespace KlCore.Transport;

/// <summary>The solution of an entropic transport problem.</summary>
/// <param name="Cost">sum P C.</param>
/// <param name="Objective">sum P C + regularization KL(P || p x q).</param>
/// <param name="ErrorBound">How much the cost may change when the plan is repaired to have the exact marginals.</param>
/// <param name="MarginalError">How far the sums of the plan's rows and columns are from p and q, in total.</param>
internal sealed record EntropicTransport(double Cost, double Objective, double ErrorBound, double MarginalError)
{
    /// <summary>By how much the marginals of an answer may be off, in total.</summary>
    public const double Tolerance = 1e-10;

    /// <summary>Multiplications that may be done: some seconds.</summary>
    private const double LargestWork = 6e9;

    private const double LargestIterations = 100_000;

    /// <summary>An iteration in the log domain takes an exponential for each entry, which is as much as this many multiplications.</summary>
    private const int LogCost = 20;

    /// <summary>With a smaller part of the largest cost, rounding of the potentials alone puts the marginals off by more than is let pass.</summary>
    private const double Resolution = 1e-8;

    /// <summary>What three roundings of a potential or a cost come to, in parts of the largest cost.</summary>
    private const double Rounding = 4e-16;

    /// <summary>
    /// Sinkhorn's iteration on the potentials f and g, P = p q exp((f + g - C)/eps), with eps lowered by halves from the largest cost so
    /// that the potentials are nearly right when the asked one is reached. Steps multiply a kernel that holds the potentials; as soon
    /// as its scalings leave a safe range they are taken up into the potentials by a step in the log domain, so nothing under- or
    /// overflows. Whether the plan is one is seen from its own marginals in the end and not from what the last step changed, which
    /// rounding can hide.
    /// </summary>
    /// <exception cref="NotComputableException">The marginals did not settle within the work that is allowed.</exception>
    public static EntropicTransport Solve(
        ReadOnlySpan<double> p, ReadOnlySpan<double> q, double[] costs, double regularization, CancellationToken cancellation = default)
    {
        var problem = new ScaledKernel(p, q, costs);
        if (regularization < Resolution * problem.LargestCost)
            throw NotConverged($"The regularization is {regularization / problem.LargestCost:G3} of the largest cost, less than doubles can resolve.");
        Iterate(problem, regularization, cancellation);
        return Judge(problem, regularization);
    }

    /// <summary>
    /// The same of p to p, whose potentials are equal: the mean of what they are and what they ought to be converges fast also where it is best to stay,
    /// in which case taking turns hardly moves. Source: J. Feydy et al., AISTATS (2019), section 3.1.
    /// </summary>
    /// <exception cref="NotComputableException">The marginals did not settle within the work that is allowed.</exception>
    public static EntropicTransport SolveSymmetric(ReadOnlySpan<double> p, double[] costs, double regularization, CancellationToken cancellation = default)
    {
        var problem = new ScaledKernel(p, p, costs);
        if (regularization < Resolution * problem.LargestCost)
            throw NotConverged($"The regularization is {regularization / problem.LargestCost:G3} of the largest cost, less than doubles can resolve.");
        var left = Math.Min(LargestIterations, LargestWork / ((double)problem.Rows * problem.Columns));
        for (var epsilon = problem.LargestCost; epsilon > 2 * regularization && left > 0; epsilon /= 2)
        {
            for (var i = 0; i < 2; i++, left -= LogCost) problem.IterateSymmetrically(epsilon, cancellation);
        }

        for (var error = double.PositiveInfinity; error > Tolerance && left > 0; left -= LogCost) error = problem.IterateSymmetrically(regularization, cancellation);
        return Judge(problem, regularization);
    }

    private static EntropicTransport Judge(ScaledKernel problem, double regularization)
    {
        var plan = problem.Plan(regularization);
        if (!(plan.MarginalError <= 10 * Tolerance))
            throw NotConverged($"Sinkhorn's marginals were still off by {Math.Min(2, plan.MarginalError):G3} in total when its work or its precision was used up.");
        var rounding = Rounding * problem.LargestCost / regularization;
        return new(plan.Cost, plan.Objective, (plan.MarginalError + rounding + 1e-15) * problem.LargestCost, plan.MarginalError);
    }

    private static void Iterate(ScaledKernel problem, double regularization, CancellationToken cancellation)
    {
        var left = Math.Min(LargestIterations, LargestWork / ((double)problem.Rows * problem.Columns));
        for (var epsilon = problem.LargestCost; epsilon > 2 * regularization && left > 0; epsilon /= 2)
        {
            for (var i = 0; i < 2; i++, left -= LogCost) problem.IterateByLogarithms(epsilon, cancellation);
        }

        var error = problem.IterateByLogarithms(regularization, cancellation);
        while (left > 0 && error > Tolerance)
        {
            problem.TakeUp(regularization);
            left -= LogCost;
            while (left-- > 0 && error > Tolerance && problem.IsSafe)
            {
                cancellation.ThrowIfCancellationRequested();
                error = problem.Iterate();
            }

            problem.GiveBack(regularization);
            error = problem.IterateByLogarithms(regularization, cancellation);
            left -= LogCost;
        }
    }

    private static NotComputableException NotConverged(string why) => new("not-converged", why + " A larger regularization converges faster.");
}

/// <summary>What a plan comes to.</summary>
/// <param name="Cost">sum P C.</param>
/// <param name="Objective">sum P C + regularization KL(P || p x q).</param>
/// <param name="MarginalError">How far the sums of rows and columns are from p and q, in total.</param>
internal readonly record struct PlanValues(double Cost, double Objective, double MarginalError);
