using System.Globalization;

namespace KlCore.Logits.Reports;

/// <summary>Names of percentiles.</summary>
internal static class Percents
{
    /// <summary>"99.9": the percent as it is written.</summary>
    public static string Name(double percent) => percent.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The same of a percent in 32 bits.</summary>
    public static string Name(float percent) => percent.ToString("R", CultureInfo.InvariantCulture);
}
