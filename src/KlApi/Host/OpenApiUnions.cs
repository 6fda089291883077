using System.Reflection;
using KlCore;
using KlCore.Distributions;
using KlCore.Divergences;
using KlCore.Drift;
using KlCore.Estimation.Histograms;
using KlCore.Estimation.Kernels;
using KlCore.Losses;
using KlCore.Policies;
using KlCore.Texts;
using KlCore.Training.Classifier;
using KlCore.Training.Experiments;
using KlCore.Training.Topics;
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
        options.MapType<LogitArrays>(() => new OpenApiSchema { OneOf = [Array(Array(Logit())), Array(Array(Array(Logit())))] });
        options.MapType<TokenArrays>(() => new OpenApiSchema { OneOf = [Array(Token()), Array(Array(Token()))] });
        options.MapType<TokenRows>(ExtendedNumbersOrRows);
        options.MapType<Seeds>(() => new OpenApiSchema { OneOf = [Seed(), Array(Seed())] });
        options.MapType<LabelList>(() => new OpenApiSchema { OneOf = [Array(Token()), Array(new OpenApiSchema { Type = JsonSchemaType.String })] });
        options.MapType<ClassWeights>(() => new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["balanced"] }, Array(Number())] });
        options.MapType<Location>(() => new OpenApiSchema { OneOf = [Number(), Array(Number())] });
        options.MapType<ForeignDocument>(() => new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Object }, new OpenApiSchema { Type = JsonSchemaType.Array }] });
        options.MapType<Prior>(() => new OpenApiSchema { OneOf = [Words("symmetric", "asymmetric", "auto"), Number(), Array(Number())] });
        options.MapType<StopWords>(() => new OpenApiSchema { OneOf = [Words("english"), Array(Text())] });
        options.MapType<TextInput>(() => new OpenApiSchema { OneOf = [Text(), Array(Text()), Column()] });
        options.MapType<BinRule>(() => new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = "100000" }, Words([.. BinRule.Words])] });
        options.MapType<KernelBandwidth>(() => new OpenApiSchema { OneOf = [Number(), Words([.. KernelBandwidth.Rules])] });
        options.MapType<ColumnCells>(() => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Array(Cell()) });
        options.MapType<RowCells>(() => Array(new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Cell() }));
        options.SchemaFilter<UnionSchemas>();
    }

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema list && context.MemberInfo?.GetCustomAttribute<ElementsAttribute>() is { } elements)
            list.Items = new OpenApiSchema { OneOf = [.. elements.Types.Select(type => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository))] };
        ShapeAttribute[] shapes = [.. context.Type.GetCustomAttributes<ShapeAttribute>()];
        if (schema is not OpenApiSchema own || shapes.Length == 0) return;
        (own.Type, own.Properties, own.Required, own.AdditionalPropertiesAllowed) = (null, null, null, true);
        own.AnyOf = [.. shapes.Select(shape => context.SchemaGenerator.GenerateSchema(shape.Type, context.SchemaRepository))];
    }

    private static OpenApiSchema NumbersOrRows() => new() { OneOf = [Array(Number()), Array(Array(Number()))] };

    private static OpenApiSchema ExtendedNumbersOrRows() => new() { OneOf = [Array(ExtendedNumber()), Array(Array(ExtendedNumber()))] };

    private static OpenApiSchema ExtendedNumber() => new() { OneOf = [Number(), new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["Infinity", "-Infinity"] }] };

    private static OpenApiSchema Words(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words] };

    private static OpenApiSchema Cell() => new() { Type = JsonSchemaType.Number | JsonSchemaType.String | JsonSchemaType.Boolean | JsonSchemaType.Null };

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number, Format = "double" };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Column() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { ["dataset"] = Text(), ["column"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null } },
        Required = new HashSet<string> { "dataset" },
        AdditionalPropertiesAllowed = false,
    };

    private static OpenApiSchema Logit() => new() { OneOf = [Number(), new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["-Infinity"] }] };

    private static OpenApiSchema Token() => new() { Type = JsonSchemaType.Integer, Format = "int32" };

    private static OpenApiSchema Seed() => new() { Type = JsonSchemaType.Integer, Format = "int64" };

    private static OpenApiSchema Array(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}

/// <summary>The types that the elements of a list of objects may have, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ElementsAttribute(params Type[] types) : Attribute
{
    public Type[] Types { get; } = types;
}
