using KlApi.Storage;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Comparisons;

/// <summary>Logits compared with logits: reports that are kept, ranked and merged.</summary>
internal static class ComparisonsFeature
{
    public static IServiceCollection AddComparisons(this IServiceCollection services)
    {
        services.AddSingleton<ComparisonTable>();
        services.AddSingleton<ComparisonFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<ComparisonFiles>());
        services.AddSingleton<ComparisonRun>();
        services.AddSingleton<ComparisonAnswers>();
        services.AddSingleton<IOutcomeKeeper, ComparisonKeeper>();
        services.AddSingleton<SpooledLogits>();
        services.Configure<SwaggerGenOptions>(options => options.OperationFilter<LogitsFormFilter>());
        return services;
    }

    public static void MapComparisons(this IEndpointRouteBuilder routes)
    {
        var comparisons = routes.MapGroup("/v1/comparisons").WithTags("Comparisons");
        ReadComparisons.Map(comparisons);
        RankComparisons.Map(comparisons);
        MergeComparisons.Map(comparisons);
        var others = routes.MapGroup("").WithTags("Comparisons");
        CompareWithBaseline.Map(others);
        CompareLogits.Map(others);
    }
}
