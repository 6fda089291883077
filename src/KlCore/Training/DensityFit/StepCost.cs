namespace KlCore.Training.DensityFit;

/// <summary>How many points a step of a fit looks at, and what that costs: steps must stay short, whatever is asked for.</summary>
/// <param name="Points">The points: those asked for, or as many of the usual number as are affordable.</param>
/// <param name="Work">The multiplications of a step, roughly.</param>
internal readonly record struct StepCost(int Points, double Work)
{
    // Some 20 ms on a slow core.
    private const double Affordable = 2e7;
    private const int FewestPoints = 16;

    /// <summary>The cost of a step; <paramref name="targetWork"/> is what one evaluation of the target takes.</summary>
    public static StepCost Of(DensityFitSpecification specification, int dimension, double targetWork)
    {
        var likelihood = specification.Objective.IsLikelihood && specification.Target is not FamilyTarget;
        if (dimension == 1 && !likelihood) return default;
        var model = specification.Model.ComponentCount() * (20.0 + dimension * dimension);
        // Without samples to go through, both p and q are evaluated at the draws of each.
        var perPoint = likelihood ? 2 * model : 2 * (model + targetWork);
        var usual = Math.Clamp((int)(Affordable / perPoint), FewestPoints, likelihood ? 4096 : 128);
        var points = specification.BatchSize ?? usual;
        return new StepCost(points, points * perPoint);
    }

    /// <summary>How long a step takes, roughly; one by quadrature as long as any.</summary>
    public double Seconds() => 1e-4 + 1e-9 * Work;

    /// <summary>Adds a problem if a step costs too much.</summary>
    public void Check(Problems problems)
    {
        if (Work <= 2 * Affordable) return;
        problems.Add("batchSize", $"must be smaller for so many components and dimensions: {Points} points make some {Work:G2} multiplications a step, and {2 * Affordable:G2} are allowed");
    }
}
