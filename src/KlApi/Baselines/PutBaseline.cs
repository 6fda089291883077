using System.ComponentModel;
using KlApi.Host;
using KlApi.Storage.Logits;
using KlCore;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KlApi.Baselines;

/// <summary><c>PUT /v1/baselines/{name}</c></summary>
internal static class PutBaseline
{
    private const int LongestTensor = 500;

    public static void Map(RouteGroupBuilder baselines) => baselines.MapPut("/{name}", Handle)
        .Describe(
            "Store a baseline",
            """
            Streams a reference's logits to the server, which tells the format by the first bytes, checks the data as it arrives and refuses it at the first byte that its format
            does not allow. Rows are positions of a text (the leading dimensions of an array are flattened), the last dimension is the vocabulary.

            `.npy` (versions 1 to 3; f2, f4, f8; either order of bytes), one tensor of a `.safetensors` file (F64, F32, F16, BF16; `tensor` names it where there are several that
            could be meant), the file that llama.cpp's `llama-perplexity --kl-divergence-base` writes (it has the tokens too, which become the targets), or JSON lines (an array of
            logits per line, or an object with `logits` and, if known, `target`).

            A baseline never changes: the same content again answers 200 with what is there, other content 409 `baseline-exists`. It exists once 201 is answered, and from then on
            survives anything; of an upload that fails or is cut off nothing remains.

            `curl -T base.npy http://localhost:5080/v1/baselines/base`
            """,
            400, 409, 413, 415, 422, 503, 507)
        .Example("Two positions over three tokens", "[2.0, 1.0, 0.1]\n[0.3, 0.2, 3.0]\n", "application/x-ndjson")
        .Example("Three positions with the tokens that follow", "{ \"logits\": [2, 1], \"target\": 0 }\n{ \"logits\": [0, 3], \"target\": 1 }\n{ \"logits\": [1, 1] }\n", "application/x-ndjson")
        .WithMetadata(new LogitsBody())
        .DisableRequestTimeout();

    private static async Task<Results<Created<Baseline>, Ok<Baseline>>> Handle(
        HttpContext context,
        BaselineIntake intake,
        IHostApplicationLifetime lifetime,
        [Description("What to call it: 1 to 100 characters of A-Z, a-z, 0-9, '.', '_' and '-', not beginning with '.'.")] string name,
        [Description("The tensor of a safetensors file; needed where several could hold logits.")] string? tensor,
        CancellationToken cancellation)
    {
        var problems = new Problems();
        BaselineName.Check(name, problems, "name");
        if (tensor?.Length is 0 or > LongestTensor) problems.Add("tensor", $"must have 1 to {LongestTensor} characters, had {tensor.Length}");
        problems.ThrowIfAny();
        LogitsBody.RequirePlausible(UploadStream.Open(context));
        var (baseline, isNew) = await UploadStream.UntilStop(
            lifetime, stop => intake.Take(name, tensor, context.Request.Body, context.Request.ContentLength, null, stop), cancellation);
        return isNew ? TypedResults.Created($"/v1/baselines/{name}", baseline) : TypedResults.Ok(baseline);
    }
}
