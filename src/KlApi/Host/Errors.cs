using System.Text.Json;
using KlApi.Storage;
using KlCore;
using KlCore.Formats;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace KlApi.Host;

/// <summary>
/// The one place where an exception, or a status without a body, becomes a problem document. Always JSON, whatever the client accepts:
/// an error without words helps nobody.
/// </summary>
internal sealed class Errors(IOptions<JsonOptions> json, ILogger<Errors> log) : IExceptionHandler
{
    public const string MediaType = "application/problem+json";

    /// <summary>nginx' word for a client that left; nobody is there to read it.</summary>
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return true;
        }

        await Write(context, Describe(context, exception));
        return true;
    }

    /// <summary>Gives the words to answers of the framework that have none: unknown routes, wrong methods, wrong media types.</summary>
    public async Task Explain(StatusCodeContext status)
    {
        var context = status.HttpContext;
        var (code, detail) = context.Response.StatusCode switch
        {
            404 => ("not-found", "There is nothing at this path. /swagger lists what there is."),
            405 => ("method-not-allowed", $"This path does not take {Method(context)}; the Allow header names what it takes."),
            415 => ("unsupported-media-type", "The Content-Type is missing or is not one that this operation reads. JSON is sent as application/json."),
            429 => ("overloaded", "Too many requests; Retry-After says when to come back."),
            504 => ("timed-out", "The request took longer than the service allows and was stopped."),
            _ => ("error", "The request could not be answered."),
        };
        await Write(context, Problem.Of(context, context.Response.StatusCode, code, detail));
    }

    /// <summary>The problem that the exception stands for; what is not expected is logged and says nothing of the inside.</summary>
    public Problem Describe(HttpContext context, Exception exception)
    {
        if (StorageException.From(exception) is { } fault) exception = fault.Refusal();
        switch (exception)
        {
            case InvalidInputException invalid:
                return Problem.Of(context, 400, "invalid-input", Problem.Summary(invalid.Problems), invalid.Problems.ByPointer());
            case MalformedDataException malformed:
                var (data, pointer) = malformed.File is { } file ? ($"The file {file}", $"/{file}") : ("The data", "");
                return Problem.Of(context, 400, malformed.Code, $"{data} is not well formed: {malformed.Message}.", new Dictionary<string, string[]> { [pointer] = [malformed.Message] });
            case NotComputableException impossible:
                return Problem.Of(context, 422, impossible.Code, impossible.Message);
            case TooCostlyException costly:
                return Problem.Of(context, 413, "too-costly", costly.Message);
            case RefusedException refused:
                if (refused.RetryAfter is { } wait) context.Response.Headers.RetryAfter = RefusedException.Seconds(wait);
                return Problem.Of(context, refused.Status, refused.Code, refused.Message);
            case BadHttpRequestException bad when Parameter(bad.Message) is { } name:
                return Describe(context, new InvalidInputException(name, "must be a value of the documented type"));
            case BadHttpRequestException bad:
                return Problem.Of(context, bad.StatusCode, CodeOf(bad.StatusCode), Words(bad.StatusCode));
            case IOException { InnerException: OverflowException }:
                // How the server words a chunk whose announced size does not fit a number.
                return Problem.Of(context, 400, CodeOf(400), Words(400));
            case OperationCanceledException:
                return Problem.Of(context, 504, "timed-out", "The request took longer than the service allows and was stopped.");
            default:
                log.LogError(exception, "Unexpected failure of {Method} {Path}", context.Request.Method, context.Request.Path);
                return Problem.Of(context, 500, "internal-error", "Something went wrong here. The traceId finds it in the log.");
        }
    }

    private async Task Write(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = MediaType;
        await JsonSerializer.SerializeAsync(context.Response.Body, problem, json.Value.SerializerOptions, context.RequestAborted);
    }

    private static string Method(HttpContext context) => context.Request.Method.All(char.IsAsciiLetterUpper) ? context.Request.Method : "this method";

    /// <summary>The query parameter that the framework could not read ('Failed to bind parameter "int? limit" from "x".'), or null.</summary>
    private static string? Parameter(string message)
    {
        const string Start = "Failed to bind parameter \"";
        if (!message.StartsWith(Start, StringComparison.Ordinal)) return null;
        var declaration = message[Start.Length..].Split('"')[0];
        var name = declaration[(declaration.LastIndexOf(' ') + 1)..];
        return name.Length == 0 ? null : JsonNamingPolicy.CamelCase.ConvertName(name);
    }

    private static string CodeOf(int status) => status switch
    {
        408 => "too-slow",
        413 => "too-large",
        415 => "unsupported-media-type",
        _ => "malformed-request",
    };

    private static string Words(int status) => status switch
    {
        408 => "The body arrived too slowly.",
        413 => "The body is larger than this operation takes; GET /v1/limits says how much.",
        415 => "The Content-Type is not one that this operation reads.",
        _ => "The request is not well formed, or its body ended before it was complete, or a path or query value has the wrong type.",
    };
}
