using KlApi.Storage;

namespace KlApi.Baselines;

/// <summary>Stored logits of references: kept on disk, listed, given targets, converted. What compares with them is a feature of its own.</summary>
internal static class BaselinesFeature
{
    public static IServiceCollection AddBaselines(this IServiceCollection services) => services.AddSingleton<BaselineIntake>().AddSingleton<IOutcomeKeeper, LanguageModelKeeper>();

    public static void MapBaselines(this IEndpointRouteBuilder routes)
    {
        var baselines = routes.MapGroup("/v1/baselines").WithTags("Baselines");
        PutBaseline.Map(baselines);
        ReadBaselines.Map(baselines);
        DeleteBaseline.Map(baselines);
        PutTargets.Map(baselines);
        ConvertBaseline.Map(baselines);
    }
}
