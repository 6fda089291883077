using System.IO.Pipelines;
using KlApi.Host;
using KlApi.Storage.Logits;
using KlCore.Formats;

namespace KlApi.Baselines;

/// <summary><c>POST /v1/baselines/{name}/convert</c></summary>
internal static class ConvertBaseline
{
    /// <summary>How much is on its way from the writer to the disk at most.</summary>
    private static readonly PipeOptions OnTheWay = new(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 512 << 10);

    public static void Map(RouteGroupBuilder baselines) => baselines.MapPost("/{name}/convert", Handle)
        .Describe(
            "Convert a baseline",
            """
            Answers the baseline's rows in another format, as a file: `to` is `npy`, `safetensors`, `kld` (what `llama-perplexity --kl-divergence-base` writes and reads) or `json-lines`, `type` one of
            `f16`, `bf16`, `f32`, `f64`. Rows are streamed one after the other, so that size does not matter. Targets go where the format has a place for them; a kld file needs them (422
            `targets-required`) and keeps log-probabilities in 16 bits, at most 16 nats below the likeliest token.

            What a format or type cannot hold is refused with 422 before the first byte: `type-not-supported` (bf16 in .npy, any choice in kld), `logit-out-of-range`, `logit-not-finite` (NaN in JSON),
            `rows-not-whole-chunks`. An answer that ends before its `Content-Length` is not complete.

            With `store` the result becomes a new baseline instead, with the targets of the old one: 201, or 200 if it is there already.
            """,
            400, 404, 409, 413, 422, 503, 507)
        .Produces(StatusCodes.Status200OK, contentType: LogitsFormats.MediaTypes[0], additionalContentTypes: [.. LogitsFormats.MediaTypes.Skip(1)])
        .Produces<Baseline>()
        .Produces<Baseline>(StatusCodes.Status201Created)
        .WithMetadata(new QueryFields(typeof(ConvertOptions)))
        .DisableRequestTimeout();

    private static async Task<IResult> Handle(
        string name, HttpContext context, BaselineTable table, BaselineFiles files, BaselineIntake intake, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var options = QueryBody.Parse<ConvertOptions>(context.Request.Query);
        var stored = await table.Require(name, cancellation);
        return await UploadStream.UntilStop(
            lifetime, stop => options.Store is { } other ? Keep(other, stored, options, files, intake, stop) : Answer(context.Response, stored, options, files, stop), cancellation);
    }

    private static async Task<IResult> Answer(HttpResponse response, StoredBaseline stored, ConvertOptions options, BaselineFiles files, CancellationToken cancellation)
    {
        long? measured = null;
        await using (var trial = await BaselineConversion.Open(stored, options, files, needsTargets: false, cancellation))
        {
            // A status cannot be taken back once rows are on their way, so they are tried before where that can end badly.
            if (!trial.IsSure) measured = await trial.Measure(cancellation);
        }

        await using var conversion = await BaselineConversion.Open(stored, options, files, needsTargets: false, cancellation);
        var (name, extension) = (stored.Baseline.Name, options.To.Extension());
        response.ContentType = options.To.MediaType();
        response.ContentLength = measured ?? conversion.Length;
        response.Headers.ContentDisposition = $"attachment; filename=\"{(name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? name : name + extension)}\"";
        // What fails from here on throws, and the server cuts the connection.
        await conversion.WriteTo(response.BodyWriter, cancellation);
        return Results.Empty;
    }

    private static async Task<IResult> Keep(
        string name, StoredBaseline stored, ConvertOptions options, BaselineFiles files, BaselineIntake intake, CancellationToken cancellation)
    {
        await using var conversion = await BaselineConversion.Open(stored, options, files, needsTargets: true, cancellation);
        var pipe = new Pipe(OnTheWay);
        var writing = Write(conversion, pipe.Writer, cancellation);
        try
        {
            var (baseline, isNew) = await intake.Take(name, null, pipe.Reader.AsStream(), conversion.Length, conversion.Targets, cancellation);
            return isNew ? Results.Created($"/v1/baselines/{name}", baseline) : Results.Ok(baseline);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>Writes until all is written or nobody reads; what goes wrong the reader is told.</summary>
    private static async Task Write(BaselineConversion conversion, PipeWriter output, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            await conversion.WriteTo(output, cancellation);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await output.CompleteAsync(failure);
    }
}
