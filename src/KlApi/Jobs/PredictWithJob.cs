using System.Text;
using KlApi.Host;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary><c>POST /v1/jobs/{id}/predict</c></summary>
internal static class PredictWithJob
{
    public static void Map(RouteGroupBuilder jobs) => jobs.MapPost("/{id}/predict", Handle)
        .Describe(
            "Ask the model of a finished job",
            """
            Runs the model that the job trained on new inputs: rows of numbers as the training had them (`inputs`), or the rows of a dataset (`dataset`, and `columns` where they are
            others than in the training); scaling and the like are applied as they were learnt. A `classifier` answers `classes` (the likeliest), `probabilities` and `names` (what
            the columns of probabilities are); a `regression` `values`; an `autoencoder` the `means` and `standardDeviations` of the latents, their `kl`, `reconstructions` and `rootMeanSquareErrors`;
            `topics`, which takes `documents` (texts), the topics of each. 409 unless the job has succeeded, 422 for a kind that has no model to ask.
            """,
            400, 404, 409, 413, 415, 422, 503)
        .Example("two rows", """{ "inputs": [[5.1, 3.5, 1.4, 0.2], [6.3, 2.9, 5.6, 1.8]] }""")
        .Produces<object>();

    private static async Task<IResult> Handle(string id, Body<PredictionRequest> body, JobStore store, JobInputs inputs, CancellationToken cancellation)
    {
        var job = await store.Find(id, cancellation) ?? throw Refusal.NotFound("job");
        if (JsonText.Read<TrainingSpecification>(job.Specification!) is not IPredictor predictor)
            throw new RefusedException(422, "cannot-predict", $"A job of kind {job.Kind} leaves no model that answers for new inputs.");
        if (job.State != "succeeded")
            throw Refusal.Conflict("no-model", job.IsFinished() ? $"The job has {job.State} and left no model." : "The job has not finished yet; its model is there once its status is succeeded.");
        var training = inputs.FindTraining(job.Id) ?? throw Refusal.NotFound("job");
        return Results.Text(JsonText.OfResult(predictor.Predict(body.Value, training, inputs)), "application/json", Encoding.UTF8);
    }
}
