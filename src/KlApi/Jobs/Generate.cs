using System.ComponentModel;
using KlApi.Host;
using KlCore;
using KlCore.Training.LanguageModel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Jobs;

/// <summary><c>POST /v1/jobs/{id}/generate</c></summary>
internal static class Generate
{
    private const int MostListed = 100;

    public static void Map(RouteGroupBuilder jobs) => jobs.MapPost("/{id}/generate", Handle)
        .Describe(
            "Draw texts from a language model",
            """
            Texts that the model of a finished `language-model` job goes on with after `prompt`, and ln p of each token as the model has it. The same seed gives the same texts.
            `temperature` below 1 makes the likely likelier, and 0 always takes the likeliest; `topK` and `topP` draw among the likeliest only.

            `choices` are laid out as chat completions of OpenAI are, so that with `?topLogprobs=20` two models' answers to one prompt can be given to `POST /v1/logprobs/compare` as they are.

            At most 4096 tokens at once (413); a job's own `samples` may be longer. 409 while the job has not succeeded, 422 `not-a-language-model` for a job of another kind.
            """,
            400, 404, 409, 413, 415, 422, 503)
        .Example("A continuation of 20 tokens", """{ "prompt": "the cat", "maximumTokens": 20, "temperature": 0.8, "topK": 10, "seed": 1 }""", note: "The job must be a language model that succeeded.");

    private static async Task<Ok<GeneratedTexts>> Handle(
        string id,
        Body<Generation> body,
        JobStore store,
        JobInputs inputs,
        [Description("How many of the likeliest tokens to list at each position, 0 to 100.")] int? topLogprobs,
        CancellationToken cancellation)
    {
        if (topLogprobs is < 0 or > MostListed) throw new InvalidInputException("topLogprobs", $"must be at least 0 and at most {MostListed}, was {topLogprobs}");
        var job = await store.FindSummary(id, cancellation) ?? throw Refusal.NotFound("job");
        if (job.State != "succeeded") throw Refusal.Conflict("job-not-succeeded", $"The job is {job.State}; only one that succeeded has a model.");
        var training = inputs.FindTraining(job.Id) ?? throw Refusal.NotFound("job");
        var model = FinishedLanguageModel.Of(training) ?? throw new NotComputableException("not-a-language-model", "The job left no language model; only jobs of kind language-model do.");
        return TypedResults.Ok(new GeneratedTexts(job.Id, model.Generate(body.Value, topLogprobs ?? 0, cancellation)));
    }
}

/// <summary>Texts that were drawn from a model.</summary>
/// <param name="Job">The job that made it.</param>
/// <param name="Choices">The texts.</param>
internal sealed record GeneratedTexts(string Job, IReadOnlyList<GeneratedText> Choices);
