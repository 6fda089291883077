using System.Globalization;

namespace KlCore.Training.Experiments;

/// <summary>How long all runs of an experiment may take together.</summary>
internal static class ExperimentCost
{
    private const double MaximumSeconds = 86_400;

    /// <summary>Adds a problem for what is too long, with the estimate; null where there is none.</summary>
    public static void Check(double? seconds, int runs, Problems problems)
    {
        if (seconds is not (> MaximumSeconds and var total)) return;
        problems.Add(string.Create(
            CultureInfo.InvariantCulture, $"must make fewer runs, or shorter ones: {runs} of them take an estimated {total / 3600:G3} hours, and {MaximumSeconds / 3600:G3} are allowed"));
    }
}
