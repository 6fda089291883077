using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Datasets;

/// <summary>Marks the operation that takes a file, for the document.</summary>
internal sealed record UploadBody;

/// <summary>Describes the body of an upload: any of the formats as it is, or a form. The handler itself reads it from the stream.</summary>
internal sealed class UploadBodyFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<UploadBody>().Any()) return;
        var content = DatasetFormats.MediaTypes.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = Bytes() });
        content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "file" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["file"] = Bytes(),
                    ["name"] = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 200 },
                },
            },
        };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
    }

    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
