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
        return services;
    }

    public static void MapComparisons(this IEndpointRouteBuilder routes)
    {
        var comparisons = routes.MapGroup("/v1/comparisons").WithTags("Comparisons");
        ReadComparisons.Map(comparisons);
        CompareWithBaseline.Map(routes.MapGroup("").WithTags("Comparisons"));
    }
}
