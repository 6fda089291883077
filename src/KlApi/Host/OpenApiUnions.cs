using System.Reflection;
using KlCore;
using KlCore.Distributions;
using KlCore.Divergences;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>The values that travel in one of several shapes, which their converters tell apart and reflection cannot see.</summary>
internal sealed class UnionSchemas : ISchemaFilter
{
    public static void AddTo(SwaggerGenOptions options)
    {
        options.MapType<Points>(NumbersOrRows);
        options.MapType<Positions>(NumbersOrRows);
        options.MapType<Location>(() => new OpenApiSchema { OneOf = [Number(), Array(Number())] });
        options.SchemaFilter<UnionSchemas>();
    }

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        ShapeAttribute[] shapes = [.. context.Type.GetCustomAttributes<ShapeAttribute>()];
        if (schema is not OpenApiSchema own || shapes.Length == 0) return;
        (own.Type, own.Properties, own.Required, own.AdditionalPropertiesAllowed) = (null, null, null, true);
        own.AnyOf = [.. shapes.Select(shape => context.SchemaGenerator.GenerateSchema(shape.Type, context.SchemaRepository))];
    }

    private static OpenApiSchema NumbersOrRows() => new() { OneOf = [Array(Number()), Array(Array(Number()))] };

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number, Format = "double" };

    private static OpenApiSchema Array(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}
