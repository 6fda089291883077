using System.Collections;
using System.Collections.Frozen;
using KlCore;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;

namespace KlApi.Host;

/// <summary>
/// Refuses parameters of the query that an operation does not have, as unknown fields of a body are: a typing error never passes silently. What an
/// operation has is what the document says of it. Operations that read a record from their query (<see cref="QueryFields"/>) refuse what the record
/// does not have themselves, together with all else that is wrong.
/// </summary>
internal sealed class KnownParameters(RequestDelegate next, IApiDescriptionGroupCollectionProvider descriptions)
{
    private readonly Lazy<FrozenDictionary<(string Method, string Path), FrozenDictionary<string, bool>>> _operations = new(() => Operations(descriptions));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Query.Count > 0
            && context.GetEndpoint() is RouteEndpoint endpoint
            && endpoint.Metadata.GetMetadata<QueryFields>() is null
            && _operations.Value.TryGetValue((context.Request.Method, endpoint.RoutePattern.RawText?.TrimStart('/') ?? ""), out var known))
            Check(context.Request.Query, known);
        return next(context);
    }

    private static void Check(IEnumerable<KeyValuePair<string, StringValues>> query, FrozenDictionary<string, bool> known)
    {
        var problems = new Problems();
        foreach (var (name, values) in query)
        {
            if (!known.TryGetValue(name, out var isList)) problems.Add(name, $"is not a known parameter; {Known(known.Keys)}");
            else if (values.Count > 1 && !isList) problems.Add(name, "must be given once, but occurs more than once");
        }

        problems.ThrowIfAny();
    }

    private static string Known(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? $"known are {list}" : "this operation has none in its query";

    /// <summary>For each operation the names of its parameters, and whether each may be given several times.</summary>
    private static FrozenDictionary<(string Method, string Path), FrozenDictionary<string, bool>> Operations(IApiDescriptionGroupCollectionProvider descriptions) =>
        descriptions.ApiDescriptionGroups.Items.SelectMany(group => group.Items).Where(operation => operation.HttpMethod is not null).ToFrozenDictionary(
            operation => (operation.HttpMethod!, operation.RelativePath ?? ""),
            operation => operation.ParameterDescriptions.Where(parameter => parameter.Source == BindingSource.Query)
                // The framework reads the names in any case.
                .ToFrozenDictionary(parameter => parameter.Name, parameter => IsList(parameter.Type), StringComparer.OrdinalIgnoreCase));

    private static bool IsList(Type? type) => type is not null && type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);
}
