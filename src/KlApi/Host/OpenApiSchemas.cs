using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using KlCore;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>
/// A base with several records is one of them, told apart by the discriminator; each record requires its own constant there. Nothing is
/// inherited by <c>allOf</c>: with unknown fields refused, such a schema would accept nothing.
/// </summary>
internal sealed class PolymorphicSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema own) return;
        if (Discriminator(context.Type) is { } base_ && context.Type.IsAbstract) DescribeBase(own, context, base_);
        else DescribeDerived(own, context.Type);
    }

    private static void DescribeBase(OpenApiSchema schema, SchemaFilterContext context, string discriminator)
    {
        schema.Type = null;
        schema.Properties = null;
        schema.Required = null;
        schema.AdditionalPropertiesAllowed = true;
        schema.OneOf = [];
        schema.Discriminator = new OpenApiDiscriminator { PropertyName = discriminator, Mapping = new Dictionary<string, OpenApiSchemaReference>() };
        foreach (var derived in context.Type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false))
        {
            if (context.SchemaGenerator.GenerateSchema(derived.DerivedType, context.SchemaRepository) is not OpenApiSchemaReference reference) continue;
            schema.OneOf.Add(reference);
            schema.Discriminator.Mapping[(string)derived.TypeDiscriminator!] = reference;
        }
    }

    private static void DescribeDerived(OpenApiSchema schema, Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            var listed = ancestor.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).FirstOrDefault(line => line.DerivedType == type);
            if (listed is null || Discriminator(ancestor) is not { } discriminator) continue;
            var properties = new Dictionary<string, IOpenApiSchema>
            {
                [discriminator] = new OpenApiSchema { Type = JsonSchemaType.String, Const = (string)listed.TypeDiscriminator! },
            };
            foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>()) properties.TryAdd(name, property);
            schema.Properties = properties;
            schema.Required = new HashSet<string>(schema.Required ?? new HashSet<string>()) { discriminator };
            return;
        }
    }

    private static string? Discriminator(Type type) => type.GetCustomAttribute<JsonPolymorphicAttribute>(inherit: false)?.TypeDiscriminatorPropertyName;
}

/// <summary>What must be given is what the reader requires; what may be left out says what it then is.</summary>
internal sealed class RecordSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } own || context.Type.IsAbstract) return;
        var contract = Json.Options.GetTypeInfo(context.Type);
        if (contract.Kind != JsonTypeInfoKind.Object) return;
        var discriminators = (own.Required ?? new HashSet<string>()).Where(name => contract.Properties.All(property => property.Name != name));
        own.Required = contract.Properties.Where(IsRequired).Select(property => property.Name).Concat(discriminators).Order(StringComparer.Ordinal).ToHashSet();
        var plain = context.Type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(context.Type);
        foreach (var property in contract.Properties)
        {
            if (!own.Properties.TryGetValue(property.Name, out var described)) continue;
            own.Properties[property.Name] = MayBeNull(property) ? Nullable(described) : NeverNull(described);
            if (plain is not null && !property.IsRequired) SetDefault(own.Properties[property.Name], property.Get?.Invoke(plain));
        }
    }

    private static bool MayBeNull(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? System.Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.IsSetNullable && property.IsGetNullable;

    private static OpenApiSchema Nullable(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema inline) return new OpenApiSchema { Description = schema.Description, OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }] };
        if (inline.Type is not null) inline.Type |= JsonSchemaType.Null;
        else if (inline.OneOf is { Count: > 0 } options && !options.Any(IsNull)) options.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
        return inline;
    }

    private static IOpenApiSchema NeverNull(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema inline) return schema;
        if (inline.Type is not null) inline.Type &= ~JsonSchemaType.Null;
        if (inline.OneOf is { } options) inline.OneOf = [.. options.Where(option => !IsNull(option))];
        return schema;
    }

    private static bool IsNull(IOpenApiSchema schema) => schema.Type == JsonSchemaType.Null;

    /// <summary>Numbers, words and names; a list or a record as default is said in words.</summary>
    private static void SetDefault(IOpenApiSchema schema, object? value)
    {
        if (value is null or not (ValueType or string)) return;
        var json = JsonSerializer.SerializeToNode(value, value.GetType(), Json.Options);
        if (schema is OpenApiSchema inline) inline.Default ??= json;
        else if (schema is OpenApiSchemaReference reference) reference.Default ??= json;
    }

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired && property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).Length is null or 0;
}

/// <summary>Numbers as they travel: bounds as stated, and infinities as strings wherever the bounds leave room for them.</summary>
internal sealed class NumberSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema numbers && context.MemberInfo?.IsDefined(typeof(FiniteAttribute), inherit: true) == true) Narrow(numbers);
        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (schema is not OpenApiSchema own || !(type == typeof(double) || type == typeof(int) || type == typeof(long))) return;
        var range = context.MemberInfo?.GetCustomAttribute<RangeAttribute>();
        own.Minimum = own.Maximum = own.ExclusiveMinimum = own.ExclusiveMaximum = null;
        if (range is not null) Bound(own, range);
        if (type != typeof(double)) return;
        List<JsonNode> infinities = [];
        if (range is null || Reaches(range.Maximum, double.PositiveInfinity, range.MaximumIsExclusive)) infinities.Add("Infinity");
        if (range is null || Reaches(range.Minimum, double.NegativeInfinity, range.MinimumIsExclusive)) infinities.Add("-Infinity");
        if (infinities.Count > 0) Widen(own, infinities);
    }

    /// <summary>Numbers of a list or map that may not be infinite.</summary>
    private static void Narrow(OpenApiSchema schema)
    {
        var finite = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" };
        if (schema.AdditionalProperties is not null) schema.AdditionalProperties = finite;
        if (schema.Items is not null) schema.Items = finite;
    }

    private static void Bound(OpenApiSchema schema, RangeAttribute range)
    {
        var (minimum, maximum) = (Text(range.Minimum), Text(range.Maximum));
        if (range.MinimumIsExclusive) schema.ExclusiveMinimum = minimum;
        else schema.Minimum = minimum;
        if (range.MaximumIsExclusive) schema.ExclusiveMaximum = maximum;
        else schema.Maximum = maximum;
    }

    /// <summary>The bound as a JSON numeral; none if it is only the end of the doubles.</summary>
    private static string? Text(object bound) =>
        Convert.ToDouble(bound) is var value && double.IsFinite(value) && Math.Abs(value) < double.MaxValue ? Convert.ToDecimal(bound).ToString() : null;

    private static bool Reaches(object bound, double infinity, bool exclusive) => !exclusive && Convert.ToDouble(bound).Equals(infinity);

    private static void Widen(OpenApiSchema schema, List<JsonNode> infinities)
    {
        var number = new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            Format = "double",
            Minimum = schema.Minimum,
            Maximum = schema.Maximum,
            ExclusiveMinimum = schema.ExclusiveMinimum,
            ExclusiveMaximum = schema.ExclusiveMaximum,
        };
        var nullable = schema.Type?.HasFlag(JsonSchemaType.Null) == true;
        schema.Type = null;
        schema.Format = null;
        schema.Minimum = schema.Maximum = schema.ExclusiveMinimum = schema.ExclusiveMaximum = null;
        schema.OneOf = [number, new OpenApiSchema { Type = JsonSchemaType.String, Enum = infinities }];
        if (nullable) schema.OneOf.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
    }
}
