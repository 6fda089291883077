using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Samples;

/// <summary>Marks an operation that takes samples as a form too, for the document.</summary>
/// <param name="Request">What its part <c>request</c> says.</param>
/// <param name="Files">The names of its files.</param>
internal sealed record SampleFormBody(Type Request, string[] Files);

/// <summary>Says of an endpoint that it takes samples.</summary>
internal static class SampleEndpoints
{
    /// <summary>As JSON, or as files of a form beside the part <c>request</c>; within a time of its own, since a form may take long to arrive.</summary>
    public static RouteHandlerBuilder TakesSamples<TRequest, TForm>(this RouteHandlerBuilder endpoint, params string[] files) where TRequest : notnull
    {
        endpoint.Accepts<TRequest>("application/json", "multipart/form-data").WithMetadata(new SampleFormBody(typeof(TForm), files)).DisableRequestTimeout();
        return endpoint;
    }
}

/// <summary>Describes the form: files of points, and the rest as JSON.</summary>
internal sealed class SampleFormFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<SampleFormBody>().FirstOrDefault() is not { } form) return;
        if (operation.RequestBody?.Content?.ContainsKey("multipart/form-data") != true) return;
        var properties = form.Files.ToDictionary(name => name, name => (IOpenApiSchema)new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = $"The points of {name}: a .npy of one or two dimensions, or a .csv.",
        });
        properties["request"] = context.SchemaGenerator.GenerateSchema(form.Request, context.SchemaRepository);
        operation.RequestBody.Content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Required = new HashSet<string> { "x" }, Properties = properties },
            Encoding = form.Files.Select(name => (name, "application/x-npy, text/csv")).Append(("request", "application/json")).ToDictionary(part => part.Item1, part => new OpenApiEncoding { ContentType = part.Item2 }),
        };
    }
}
