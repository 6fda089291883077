namespace KlApi.Gaussians;

/// <summary>Divergences between Gaussians, by their closed forms.</summary>
internal static class GaussiansFeature
{
    public static void MapGaussians(this WebApplication app)
    {
        var group = app.MapGroup("/v1/gaussians").WithTags("Gaussians");
        CompareGaussians.Map(group);
        DrawGaussians.Map(group);
    }
}
