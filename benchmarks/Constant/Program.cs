using KlApi.Host;

namespace Constant;

/// <summary>
/// The limit of the framework: an endpoint that takes the whole body off the wire and answers a constant. Bare, or with <c>--host</c>
/// behind the service's own middleware (headers, log, limits, metrics, errors).
/// </summary>
internal static class Limit
{
    private static readonly byte[] Answer = "{\"kl\":0.125}"u8.ToArray();

    public static void Main(string[] args)
    {
        var app = args.Contains("--host") ? Hosted(args) : Bare(args);
        app.MapPost("/const", Handle);
        app.Run();
    }

    private static WebApplication Bare(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    private static WebApplication Hosted(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddHost();
        var app = builder.Build();
        app.UseHost();
        return app;
    }

    private static async Task Handle(HttpContext context)
    {
        var pipe = context.Request.BodyReader;
        while (true)
        {
            var result = await pipe.ReadAsync(context.RequestAborted);
            pipe.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) break;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Answer.Length;
        await context.Response.Body.WriteAsync(Answer);
    }
}
