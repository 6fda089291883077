using KlApi.Baselines;
using KlApi.Comparisons;
using KlApi.Datasets;
using KlApi.Distributions;
using KlApi.Divergences;
using KlApi.Drift;
using KlApi.Gaussians;
using KlApi.Jobs;
using KlApi.Logprobs;
using KlApi.Losses;
using KlApi.Monitors;
using KlApi.Networks;
using KlApi.Policies;
using KlApi.Recommendations;
using KlApi.Samples;
using KlApi.Texts;

namespace KlApi;

/// <summary>Every feature there is, one line each for what it registers and for its endpoints; the only place that knows them all.</summary>
internal static class Features
{
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        builder.Services.AddDatasets();
        builder.Services.AddBaselines();
        builder.Services.AddComparisons();
        builder.Services.AddSamples();
        builder.Services.AddMonitors();
        builder.Services.AddJobs(builder.Configuration);
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.MapDivergences();
        app.MapDistributions();
        app.MapGaussians();
        app.MapSamples();
        app.MapLosses();
        app.MapNetworks();
        app.MapPolicies();
        app.MapLogprobs();
        app.MapTexts();
        app.MapRecommendations();
        app.MapDrift();
        app.MapMonitors();
        app.MapDatasets();
        app.MapBaselines();
        app.MapComparisons();
        app.MapJobs();
    }
}
