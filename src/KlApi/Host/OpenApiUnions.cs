using KlCore;
using KlCore.Distributions;
using KlCore.Training.DensityFit;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>The values that travel in one of several shapes, which their converters tell apart and reflection cannot see.</summary>
internal sealed class UnionSchemas : ISchemaFilter
{
    public static void AddTo(SwaggerGenOptions options)
    {
        options.MapType<Points>(() => new OpenApiSchema { OneOf = [Array(Number()), Array(Array(Number()))] });
        options.SchemaFilter<UnionSchemas>();
    }

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema own || context.Type != typeof(FitTarget)) return;
        (own.Type, own.Properties, own.Required, own.AdditionalPropertiesAllowed) = (null, null, null, true);
        Type[] shapes = [typeof(Distribution), typeof(SampleTarget), typeof(DatasetTarget)];
        own.AnyOf = [.. shapes.Select(shape => context.SchemaGenerator.GenerateSchema(shape, context.SchemaRepository))];
    }

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number, Format = "double" };

    private static OpenApiSchema Array(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}
