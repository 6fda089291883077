namespace KlApi.Distributions;

/// <summary>Distributions of named families: what there is, divergences between them, draws, densities.</summary>
internal static class DistributionsFeature
{
    public static void MapDistributions(this WebApplication app)
    {
        var group = app.MapGroup("/v1/distributions").WithTags("Distributions");
        ListDistributions.Map(group);
        CompareDistributions.Map(group);
        SampleDistribution.Map(group);
        EvaluateDensity.Map(group);
        DrawDistributions.Map(group);
    }
}
