namespace KlApi.Recommendations;

/// <summary>Recommendations held against what their users liked.</summary>
internal static class RecommendationsFeature
{
    public static void MapRecommendations(this WebApplication app)
    {
        var group = app.MapGroup("/v1/recommendations").WithTags("Recommendations");
        CalibrateRecommendations.Map(group);
    }
}
