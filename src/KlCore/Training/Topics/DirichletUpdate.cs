using KlCore.Numerics;

namespace KlCore.Training.Topics;

/// <summary>
/// A step of Newton's method towards the most likely parameters of a Dirichlet, given the mean of the logarithms of what was drawn from it; the
/// Hessian is a diagonal and a constant, so that a step is linear in their number. T. Minka, "Estimating a Dirichlet distribution" (2000).
/// </summary>
internal static class DirichletUpdate
{
    /// <summary>Moves the parameters by <paramref name="rate"/> times the step; not at all if one would no longer be positive.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="count">From how many draws the mean is.</param>
    /// <param name="meanLog">The mean of the logarithms.</param>
    /// <param name="rate">Which part of the step is made.</param>
    public static void Step(double[] parameters, double count, ReadOnlySpan<double> meanLog, double rate)
    {
        var sum = parameters.Sum();
        var (atSum, constant) = (GammaFunctions.Digamma(sum), count * GammaFunctions.Trigamma(sum));
        var (gradient, diagonal, weighted, inverse) = (new double[parameters.Length], new double[parameters.Length], 0.0, 0.0);
        for (var i = 0; i < parameters.Length; i++)
        {
            gradient[i] = count * (atSum - GammaFunctions.Digamma(parameters[i]) + meanLog[i]);
            diagonal[i] = -count * GammaFunctions.Trigamma(parameters[i]);
            weighted += gradient[i] / diagonal[i];
            inverse += 1 / diagonal[i];
        }

        var shift = weighted / (1 / constant + inverse);
        var moved = new double[parameters.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            moved[i] = parameters[i] - rate * (gradient[i] - shift) / diagonal[i];
            if (!(moved[i] > 0) || !double.IsFinite(moved[i])) return;
        }

        moved.CopyTo(parameters, 0);
    }
}
