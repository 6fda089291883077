using KlApi.Host;
using KlCore.Formats;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Storage.Logits;

/// <summary>Marks an operation whose body is a file of logits, for the document.</summary>
internal sealed record LogitsBody
{
    // What clients say of bytes that they know nothing about, and other words for the formats; curl says the last one.
    private static readonly string[] Others =
        ["application/json", "application/jsonl", "application/npy", "application/safetensors", "application/vnd.safetensors", "application/x-www-form-urlencoded"];

    /// <summary>The data says itself what it is; a type that none of its formats could have is refused before a byte is read.</summary>
    public static void RequirePlausible(MediaTypeHeaderValue type)
    {
        var name = type.MediaType.ToString();
        if (!LogitsFormats.MediaTypes.Concat(Others).Contains(name, StringComparer.OrdinalIgnoreCase))
            throw Refusal.MediaType($"Logits are sent as {string.Join(", ", LogitsFormats.MediaTypes)}.");
    }
}

/// <summary>Describes the body of such an operation: bytes of any of the formats. The handler itself reads it from the stream.</summary>
internal sealed class LogitsBodyFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<LogitsBody>().Any()) return;
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = LogitsFormats.MediaTypes.ToDictionary(
                type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
        };
    }
}
