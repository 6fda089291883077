using KlApi;
using KlApi.Host;
using KlApi.Storage;
using Microsoft.Extensions.Options;

if (args.Contains("--probe")) return await Probe.Run(args);

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddHost();
    builder.Services.AddStorage();
    builder.AddFeatures();

    var app = builder.Build();
    app.UseHost();
    app.MapFeatures();
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
