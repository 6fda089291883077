using KlCore.Formats;
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
        var options = context.SchemaRepository.Schemas.GetValueOrDefault(nameof(QueryOptions))?.Properties ?? new Dictionary<string, IOpenApiSchema>();
        var files = new Dictionary<string, IOpenApiSchema>
        {
            ["p"] = File("The reference's logits, in any of the formats of baselines."),
            ["q"] = File("The model's logits."),
            ["targets"] = File("The id of the token that follows each row, in any of the formats of targets."),
        };
        operation.RequestBody.Content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "p", "q" },
                Description = "Three files and the options, which may stand in the query as well; lists separated by commas, limits as fields such as `gate.forwardMean`.",
                Properties = files.Concat(options.Where(option => option.Key != "gate")).ToDictionary(),
            },
            Encoding = files.Keys.ToDictionary(name => name, _ => new OpenApiEncoding { ContentType = string.Join(", ", LogitsFormats.MediaTypes) }),
        };
    }

    private static OpenApiSchema File(string description) => new() { Type = JsonSchemaType.String, Format = "binary", Description = description };
}
