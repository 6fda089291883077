namespace KlCore.Drift;

/// <summary>A way to say how far apart two columns are.</summary>
public enum DriftMethod
{
    /// <summary>max |F - G|, from 0 to 1; numbers only. A test: without a threshold of the caller's its p-value alone decides.</summary>
    KolmogorovSmirnov,

    /// <summary>The Wasserstein distance of order 1 in standard deviations of the reference; numbers only. Threshold 0.1.</summary>
    Wasserstein,

    /// <summary>sqrt(2 int (F - G)^2) with x in standard deviations of the reference; numbers only. Threshold 0.1.</summary>
    EnergyDistance,

    /// <summary>The Jensen-Shannon divergence in nats, of categories or of bins. Threshold 0.01.</summary>
    JensenShannon,

    /// <summary>KL(reference || current) in nats, of categories or of bins; infinite where something is not seen any more. Threshold 0.1.</summary>
    KullbackLeibler,

    /// <summary>The population stability index, of categories or of bins; infinite where one of them is empty on one side. Threshold 0.2.</summary>
    PopulationStability,

    /// <summary>The Hellinger distance, from 0 to 1, of categories or of bins. Threshold 0.1.</summary>
    Hellinger,

    /// <summary>The total variation, from 0 to 1, of categories or of bins. Threshold 0.1.</summary>
    TotalVariation,

    /// <summary>Pearson's statistic of the table of counts, of categories or of bins. A test.</summary>
    ChiSquared,

    /// <summary>2 (N KL(reference || pooled) + M KL(current || pooled)), of categories or of bins. A test.</summary>
    GTest,
}

/// <summary>What is known of the methods.</summary>
internal static class DriftMethods
{
    /// <summary>From this score on two columns differ by more than a little; null for tests.</summary>
    public static double? DefaultThreshold(this DriftMethod method) => method switch
    {
        DriftMethod.Wasserstein or DriftMethod.EnergyDistance or DriftMethod.KullbackLeibler or DriftMethod.Hellinger or DriftMethod.TotalVariation => 0.1,
        DriftMethod.JensenShannon => 0.01,
        DriftMethod.PopulationStability => 0.2,
        _ => null,
    };

    /// <summary>Whether it needs the order of numbers.</summary>
    public static bool NeedsNumbers(this DriftMethod method) => method is DriftMethod.KolmogorovSmirnov or DriftMethod.Wasserstein or DriftMethod.EnergyDistance;
}
