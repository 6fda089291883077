using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Comparisons;

/// <summary>Marks the operation that takes both sides as a form, for the document.</summary>
internal sealed record LogitsForm;

/// <summary>Describes the form: two files of logits, a file of targets, and the options as fields.</summary>
internal sealed class LogitsFormFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<LogitsForm>().Any()) return;
        if (operation.RequestBody?.Content?.ContainsKey("multipart/form-data") != true) return;
        operation.RequestBody.Content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "p", "q" },
                Description = "Other fields are options, named as in JSON; limits as `gate.forwardMean`.",
                Properties = new Dictionary<string, IOpenApiSchema> { ["p"] = Bytes(), ["q"] = Bytes(), ["targets"] = Bytes() },
            },
        };
    }

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
