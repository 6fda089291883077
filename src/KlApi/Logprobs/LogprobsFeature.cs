namespace KlApi.Logprobs;

/// <summary>What top-k log-probabilities say about the divergence of two language models.</summary>
internal static class LogprobsFeature
{
    public static void MapLogprobs(this WebApplication app) => CompareLogprobs.Map(app.MapGroup("/v1/logprobs").WithTags("Logits"));
}
