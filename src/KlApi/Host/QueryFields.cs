using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>Says that an operation reads a record from its query (<see cref="QueryBody"/>), for the document.</summary>
internal sealed record QueryFields(Type Record);

/// <summary>Describes the fields of such a record as parameters of the query.</summary>
internal sealed class QueryFieldsFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var (record, _) in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<QueryFields>().Select(fields => (fields.Record, 0)))
        {
            context.SchemaGenerator.GenerateSchema(record, context.SchemaRepository);
            if (!context.SchemaRepository.Schemas.TryGetValue(SchemaName(record, context), out var schema) || schema.Properties is null) continue;
            operation.Parameters ??= [];
            foreach (var (name, property) in schema.Properties) operation.Parameters.Add(Parameter(name, property, schema.Required?.Contains(name) == true));
        }
    }

    private static string SchemaName(Type record, OperationFilterContext context) =>
        context.SchemaGenerator.GenerateSchema(record, context.SchemaRepository) is OpenApiSchemaReference { Reference.Id: { } id } ? id : record.Name;

    private static OpenApiParameter Parameter(string name, IOpenApiSchema schema, bool isRequired)
    {
        var isMap = schema.AdditionalProperties is not null;
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Query,
            Required = isRequired,
            Description = isMap ? $"{schema.Description} Written as `{name}.forwardMean=0.01`." : schema.Description,
            Schema = schema,
            // Lists may be separated by commas or given several times.
            Style = schema.Type?.HasFlag(JsonSchemaType.Array) == true ? ParameterStyle.Form : null,
            Explode = false,
        };
    }
}
