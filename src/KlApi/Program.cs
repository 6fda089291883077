using KlApi.Baselines;
using KlApi.Datasets;
using KlApi.Divergences;
using KlApi.Gaussians;
using KlApi.Host;
using KlApi.Jobs;
using KlApi.Losses;
using KlApi.Policies;
using KlApi.Storage;
using Microsoft.Extensions.Options;

if (args.Contains("--probe")) return await Probe.Run(args);

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHost();
    builder.Services.AddStorage();
    builder.Services.AddDatasets();
    builder.Services.AddJobs(builder.Configuration);

    var app = builder.Build();
    app.UseHost();
    app.MapDivergences();
    app.MapGaussians();
    app.MapLosses();
    app.MapPolicies();
    app.MapDatasets();
    app.MapBaselines();
    app.MapJobs();
    app.Run();
    return 0;
}
catch (Exception refused) when (refused is StartRefusedException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}

/// <summary>The service's entry point, public so that tests can host it.</summary>
public partial class Program;
