using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Samples;

/// <summary>Divergences, entropies and mutual information estimated from samples.</summary>
internal static class SamplesFeature
{
    public static IServiceCollection AddSamples(this IServiceCollection services)
    {
        services.AddSingleton<SampleFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<SampleFiles>());
        services.AddSingleton<SampleRun>();
        services.Configure<SwaggerGenOptions>(options => options.OperationFilter<SampleFormFilter>());
        return services;
    }

    public static void MapSamples(this WebApplication app)
    {
        var group = app.MapGroup("/v1/samples").WithTags("Samples");
        EstimateDivergences.Map(group);
        EstimateFromCounts.Map(group);
        EstimateEntropy.Map(group);
        EstimateMutualInformation.Map(group);
        ListEstimators.Map(group);
    }
}
