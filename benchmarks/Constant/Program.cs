// The limit of the framework: an endpoint that takes the whole body off the wire and answers a constant.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
var answer = "{\"kl\":0.125}"u8.ToArray();
app.MapPost("/const", async context =>
{
    var pipe = context.Request.BodyReader;
    while (true)
    {
        var result = await pipe.ReadAsync(context.RequestAborted);
        pipe.AdvanceTo(result.Buffer.End);
        if (result.IsCompleted) break;
    }

    context.Response.ContentType = "application/json";
    context.Response.ContentLength = answer.Length;
    await context.Response.Body.WriteAsync(answer);
});
app.Run();
