namespace KlApi.Storage;

/// <summary>Durable storage, for the features that keep something.</summary>
internal static class StorageRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        // Columns are written in snake_case, properties in PascalCase.
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        services.AddSingleton<DataDirectory>();
        services.AddSingleton<Database>();
        services.AddHostedService<DatabaseStart>();
        services.AddHealthChecks().AddCheck<StorageReadiness>("storage", tags: ["ready"]);
        return services;
    }
}
