namespace KlApi.Drift;

/// <summary>What changed between two tables, column by column.</summary>
internal static class DriftFeature
{
    public static void MapDrift(this WebApplication app)
    {
        var group = app.MapGroup("/v1/drift").WithTags("Drift");
        ComputeDrift.Map(group);
        DrawDrift.Map(group);
    }
}
