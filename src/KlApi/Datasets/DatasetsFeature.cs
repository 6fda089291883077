using KlCore.Training;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Datasets;

/// <summary>Uploaded tables: kept on disk, listed, and read by jobs.</summary>
internal static class DatasetsFeature
{
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DatasetTable>();
        services.AddSingleton<DatasetFiles>();
        services.AddHostedService(provider => provider.GetRequiredService<DatasetFiles>());
        services.AddSingleton<ITrainingInputs, DatasetInputs>();
        services.Configure<SwaggerGenOptions>(options => options.OperationFilter<UploadBodyFilter>());
        return services;
    }

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var datasets = routes.MapGroup("/v1/datasets").WithTags("Datasets");
        UploadDataset.Map(datasets);
        ReadDatasets.Map(datasets);
        DeleteDataset.Map(datasets);
    }
}
