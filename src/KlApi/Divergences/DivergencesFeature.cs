namespace KlApi.Divergences;

/// <summary>Divergences between discrete distributions.</summary>
internal static class DivergencesFeature
{
    public static void MapDivergences(this WebApplication app)
    {
        var group = app.MapGroup("/v1/divergences").WithTags("Divergences");
        ComputeDivergences.Map(group);
        ComputeBatch.Map(group);
        ListDivergences.Map(group);
    }
}
