namespace KlApi.Losses;

/// <summary>Distillation losses with their gradients.</summary>
internal static class LossesFeature
{
    public static void MapLosses(this WebApplication app)
    {
        var group = app.MapGroup("/v1/losses").WithTags("Losses");
        ComputeLoss.Map(group);
        ProfileLosses.Map(group);
        ListLosses.Map(group);
    }
}
