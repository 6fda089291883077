namespace KlApi.Texts;

/// <summary>Texts: how far apart two of them are, and how well a model foretells one.</summary>
internal static class TextsFeature
{
    public static void MapTexts(this WebApplication app)
    {
        var group = app.MapGroup("/v1/text").WithTags("Texts");
        CompareNGrams.Map(group);
        MeasureMauve.Map(group);
        MeasureBurstiness.Map(group);
        MeasurePerplexity.Map(group);
        FindAnomalies.Map(group);
    }
}
