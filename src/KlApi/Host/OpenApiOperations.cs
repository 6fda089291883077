using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>What every operation has in common: its paths' parameters, the media types of its answers, and the refusals that the host makes for all of them.</summary>
internal sealed class OperationFilter : IOperationFilter
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["200"] = "The answer.",
        ["201"] = "It was stored.",
        ["202"] = "The job is accepted and durable; Location says where it is.",
        ["204"] = "Done; there is nothing to say.",
        ["400"] = "Malformed or invalid; `errors` names every failure by JSON pointer.",
        ["401"] = "No valid key was sent.",
        ["403"] = "The key does not allow this.",
        ["404"] = "There is nothing with this id.",
        ["409"] = "In conflict with what is there.",
        ["413"] = "Larger, or more work, than one request may ask for; GET /v1/limits says how much.",
        ["415"] = "The Content-Type is not one that this operation reads.",
        ["422"] = "Valid, but it cannot be computed.",
        ["429"] = "Too many at once; Retry-After says when to come back.",
        ["503"] = "Not ready; Retry-After says when to come back.",
        ["504"] = "It took longer than the service allows and was stopped.",
        ["507"] = "The storage quota is used up.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        DescribePath(operation, context.ApiDescription.RelativePath ?? "");
        operation.Responses ??= [];
        foreach (var answers in Answers(metadata)) UniteAnswers(operation.Responses, answers, context);
        AddMediaTypes(operation.Responses, metadata);
        foreach (var status in Refusals(operation, metadata)) AddProblem(operation.Responses, status, context);
        foreach (var (status, response) in operation.Responses)
            if (response is OpenApiResponse own && Meanings.TryGetValue(status, out var meaning)) own.Description = meaning;
    }

    /// <summary>The statuses that the host itself may answer for this operation.</summary>
    private static IEnumerable<int> Refusals(OpenApiOperation operation, IList<object> metadata)
    {
        if (operation.RequestBody is not null) yield return 415;
        if (operation.RequestBody?.Content?.ContainsKey("application/json") == true)
        {
            yield return 400;
            yield return 413;
        }

        yield return 429;
        if (!metadata.OfType<DisableRequestTimeoutAttribute>().Any()) yield return 504;
    }

    /// <summary>The statuses under which one operation answers several shapes; the explorer keeps only the last.</summary>
    private static IEnumerable<IGrouping<int, Type>> Answers(IList<object> metadata) => metadata.OfType<IProducesResponseTypeMetadata>()
        .Where(answer => answer.Type is not null && answer.Type != typeof(void) && answer.StatusCode < 300)
        .Select(answer => (answer.StatusCode, Type: answer.Type!)).Distinct()
        .GroupBy(answer => answer.StatusCode, answer => answer.Type).Where(group => group.Count() > 1);

    private static void UniteAnswers(OpenApiResponses responses, IGrouping<int, Type> answers, OperationFilterContext context)
    {
        if (!responses.TryGetValue(answers.Key.ToString(), out var response) || response.Content?.TryGetValue("application/json", out var media) != true) return;
        if (media is not OpenApiMediaType json) return;
        json.Schema = new OpenApiSchema { OneOf = [.. answers.Select(type => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository))] };
    }

    private static void AddProblem(OpenApiResponses responses, int status, OperationFilterContext context)
    {
        var problem = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        responses.TryAdd(status.ToString(), new OpenApiResponse
        {
            Content = new Dictionary<string, IOpenApiMediaType> { [Errors.MediaType] = new OpenApiMediaType { Schema = problem } },
        });
    }

    /// <summary>Answers that are no JSON of ours: files, lines and tables. The explorer passes over what has no type.</summary>
    private static void AddMediaTypes(OpenApiResponses responses, IList<object> metadata)
    {
        var files = metadata.OfType<IProducesResponseTypeMetadata>().Where(answer => answer.Type is null || answer.Type == typeof(void));
        foreach (var (status, mediaTypes) in files.Select(answer => (answer.StatusCode, answer.ContentTypes)).Concat(metadata.OfType<OtherAnswers>().Select(others => (200, others.MediaTypes.AsEnumerable()))))
            foreach (var mediaType in mediaTypes)
            {
                if (!responses.TryGetValue(status.ToString(), out var response)) responses[status.ToString()] = response = new OpenApiResponse();
                if (response is not OpenApiResponse own) continue;
                own.Content ??= new Dictionary<string, IOpenApiMediaType>();
                own.Content.TryAdd(mediaType, new OpenApiMediaType { Schema = Text(mediaType) });
            }
    }

    private static OpenApiSchema Text(string mediaType) => new()
    {
        Type = JsonSchemaType.String,
        Format = mediaType.StartsWith("text/", StringComparison.Ordinal) || mediaType.EndsWith("json", StringComparison.Ordinal) ? null : "binary",
    };

    /// <summary>What stands in the path is the id or the name of what the segment before it lists.</summary>
    private static void DescribePath(OpenApiOperation operation, string path)
    {
        var segments = path.Split('/');
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path) ?? [])
        {
            var at = Array.FindIndex(segments, segment => segment.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal));
            if (string.IsNullOrEmpty(parameter.Description) && at > 0) parameter.Description = $"The {parameter.Name} of the {segments[at - 1].TrimEnd('s')}.";
        }
    }
}

/// <summary>Shows the examples beside the bodies that they are of.</summary>
internal sealed class ExamplesFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var examples in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RequestExample>().GroupBy(example => example.MediaType))
        {
            if (operation.RequestBody?.Content?.TryGetValue(examples.Key, out var media) != true || media is not OpenApiMediaType own) continue;
            own.Examples = examples.ToDictionary(example => example.Name, IOpenApiExample (example) => new OpenApiExample
            {
                Description = example.Note,
                Value = example.MediaType == "application/json" ? JsonNode.Parse(example.Body) : JsonValue.Create(example.Body),
            });
        }
    }
}
