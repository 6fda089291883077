using System.Globalization;
using System.Reflection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace KlApi.Host;

/// <summary>A request that really runs, shown in the document and posted by a test.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Body">The body: JSON, or text of the media type.</param>
/// <param name="MediaType">What the body is.</param>
/// <param name="Note">What has to be done before it runs, where it does not run alone.</param>
internal sealed record RequestExample(string Name, string Body, string MediaType = "application/json", string? Note = null);

/// <summary>Media types in which an operation answers 200, for the document.</summary>
internal sealed record OtherAnswers(IReadOnlyList<string> MediaTypes);

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
    public static RouteHandlerBuilder Example(this RouteHandlerBuilder endpoint, string name, string body, string mediaType = "application/json", string? note = null) =>
        endpoint.WithMetadata(new RequestExample(name, body, mediaType, note));

    /// <summary>Other media types in which the operation answers 200, by <c>Accept</c> or by its options, beside those that its type says.</summary>
    public static RouteHandlerBuilder AlsoAnswers(this RouteHandlerBuilder endpoint, params string[] mediaTypes) => endpoint.WithMetadata(new OtherAnswers(mediaTypes));
}

/// <summary>The OpenAPI 3.1 document at <c>/swagger/v1/swagger.json</c>, made from the endpoints and the records they take and give.</summary>
internal static class OpenApi
{
    public static void AddOpenApi(IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        // The schemas are those of the serializer that reads and writes, with its names and converters.
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(Json.Options));
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo { Title = "KlService", Version = "v1", Description = "Measures, estimates and minimises Kullback–Leibler divergence." });
            options.SupportNonNullableReferenceTypes();
            options.CustomOperationIds(OperationId);
            options.CustomSchemaIds(SchemaId);
            UnionSchemas.AddTo(options);
            options.SchemaFilter<PolymorphicSchemas>();
            options.SchemaFilter<RecordSchemas>();
            options.SchemaFilter<NumberSchemas>();
            options.OperationFilter<QueryFieldsFilter>();
            options.OperationFilter<OperationFilter>();
            foreach (var assembly in new[] { Assembly.GetExecutingAssembly(), typeof(KlCore.Problems).Assembly })
                options.IncludeXmlComments(() => XmlComments.Of(assembly));
        });
        // After the filters of features, which describe the bodies that the examples are of.
        services.PostConfigure<SwaggerGenOptions>(options => options.OperationFilter<ExamplesFilter>());
    }

    public static void UseOpenApi(WebApplication app)
    {
        app.UseSwagger(options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        app.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "KlService";
            options.SwaggerEndpoint("v1/swagger.json", "KlService v1");
            options.DefaultModelsExpandDepth(0);
        });
    }

    /// <summary>Method and path in one word: <c>postDivergencesBatch</c>. Stable for generated clients.</summary>
    private static string OperationId(Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription api)
    {
        var words = (api.RelativePath ?? "").Split('/', '.', '-').Where(word => word is not ("" or "v1")).Select(word => Capital(word.Trim('{', '}')));
        return (api.HttpMethod ?? "get").ToLowerInvariant() + string.Concat(words);
    }

    /// <summary>The record's own name; one that is nested in a use case has the use case's before it.</summary>
    private static string SchemaId(Type type)
    {
        var name = type.IsNested ? SchemaId(type.DeclaringType!) + type.Name : type.Name;
        // A family or an estimator may have the name of a measure: the family Triangular, the estimator Wasserstein.
        if (typeof(KlCore.Distributions.Distribution).IsAssignableFrom(type) && !type.IsAbstract && !name.EndsWith("Distribution", StringComparison.Ordinal)) name += "Distribution";
        if (IsEstimator(type)) name += "Estimator";
        // What a job is to make small has the name of what it measures: the measure Jeffreys, the objective JeffreysObjective.
        if (type.BaseType == typeof(KlCore.Training.DensityFit.Objective)) name += "Objective";
        // A loss has the name of the measure that it makes small.
        if (type.BaseType == typeof(KlCore.Losses.Loss)) name += "Loss";
        // Smoothings of n-grams have the names of those of plain counts.
        if (!type.IsAbstract && typeof(KlCore.Training.LanguageModel.NGrams.Smoothings.NGramSmoothing).IsAssignableFrom(type)) name = "NGram" + name;
        return type.IsGenericType ? name[..name.IndexOf('`', StringComparison.Ordinal)] + string.Concat(type.GetGenericArguments().Select(SchemaId)) : name;
    }

    private static bool IsEstimator(Type type)
    {
        for (var ancestor = type.IsAbstract ? null : type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            if (ancestor.IsGenericType && ancestor.GetGenericTypeDefinition() == typeof(KlCore.Estimation.SampleEstimator<>)) return true;
        return false;
    }

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];
}
