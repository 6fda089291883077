namespace KlApi.Networks;

/// <summary>Networks that are written out in the request: forward, backward, one step of descent.</summary>
internal static class NetworksFeature
{
    public static void MapNetworks(this WebApplication app)
    {
        var group = app.MapGroup("/v1/networks").WithTags("Networks");
        RunForward.Map(group);
        ComputeGradients.Map(group);
        ListFunctions.Map(group);
    }
}
