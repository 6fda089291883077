using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using System.Xml.XPath;

namespace KlApi.Host;

/// <summary>
/// The comments of the code as readers of the document need them: a reference to a field is the name that it has on the wire, one to a constant its
/// value, one to a measure or loss its name in requests, one to anything else a few plain words. What a class is called says nothing to a client.
/// </summary>
internal static class XmlComments
{
    public static XPathDocument Of(Assembly assembly)
    {
        var comments = XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml"), LoadOptions.PreserveWhitespace);
        foreach (var reference in comments.Descendants().Where(element => element.Name.LocalName is "see" or "seealso" && element.Attribute("cref") is not null).ToList())
            reference.ReplaceWith(reference.Nodes().Any() ? reference.Value : Words(assembly, reference.Attribute("cref")!.Value));
        using var reader = comments.CreateReader();
        return new XPathDocument(reader, System.Xml.XmlSpace.Preserve);
    }

    private static object Words(Assembly assembly, string reference)
    {
        var (kind, path) = (reference[0], reference[2..].Split('(')[0]);
        if (kind == 'T') return OfType(Find(assembly, path), path);
        var name = Last(path);
        var owner = Find(assembly, path[..^(name.Length + 1)]);
        if (kind == 'F' && owner?.GetField(name) is { IsLiteral: true } constant && !owner.IsEnum) return Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)!;
        return Code(kind switch
        {
            'F' when owner?.IsEnum == true => Names.Of(name),
            'P' or 'F' => JsonNamingPolicy.CamelCase.ConvertName(name),
            _ => name,
        });
    }

    private static object OfType(Type? type, string path)
    {
        for (var ancestor = type?.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            if (ancestor.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).FirstOrDefault(line => line.DerivedType == type)?.TypeDiscriminator is string name) return Code(name);
        return Spaced(Last(path).Split('`')[0]);
    }

    /// <summary>A type of ours, also one that is nested in another: comments write both with a dot.</summary>
    private static Type? Find(Assembly own, string path)
    {
        foreach (var assembly in new[] { own, typeof(KlCore.Problems).Assembly })
            for (var name = path; ;)
            {
                if (assembly.GetType(name) is { } type) return type;
                if (name.LastIndexOf('.') is not (> 0 and var dot)) break;
                name = $"{name[..dot]}+{name[(dot + 1)..]}";
            }

        return null;
    }

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static XElement Code(string text) => new("c", text);

    /// <summary><c>TrainingRun</c> as "training run".</summary>
    private static string Spaced(string name)
    {
        var words = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && !char.IsAsciiLetterUpper(name[i - 1])) words.Append(' ');
            words.Append(char.ToLowerInvariant(name[i]));
        }

        return words.ToString();
    }
}
