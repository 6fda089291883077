using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>A request that really runs, shown in the document and posted by a test.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Body">The JSON body.</param>
internal sealed record RequestExample(string Name, string Body);

/// <summary>How endpoints describe themselves.</summary>
internal static class EndpointDescriptions
{
    /// <summary>Summary (a few words), description (what it does, units, ranges, source), and the problem statuses it can answer.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string summary, string description, params int[] refusals)
    {
        endpoint.WithSummary(summary).WithDescription(description);
        foreach (var status in refusals) endpoint.Produces<Problem>(status, Errors.MediaType);
        return endpoint;
    }

    /// <summary>Adds an example request body.</summary>
    public static RouteHandlerBuilder Example(this RouteHandlerBuilder endpoint, string name, string body) =>
        endpoint.WithMetadata(new RequestExample(name, body));
}

/// <summary>Puts the examples of an endpoint into its operation.</summary>
internal sealed class ExampleFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var examples = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RequestExample>().ToList();
        if (examples.Count == 0 || operation.RequestBody?.Content is not { } content || !content.TryGetValue("application/json", out var media)) return;
        if (media is not OpenApiMediaType json) return;
        json.Examples = examples.ToDictionary(
            example => example.Name,
            IOpenApiExample (example) => new OpenApiExample { Value = JsonNode.Parse(example.Body) });
    }
}
