using System.Text.Json;
using System.Text.Json.Nodes;

namespace KlApi.Tests.Host;

public sealed class OpenApiTests(Service service) : IClassFixture<Service>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Document_AsSnapshot_IsTheCommittedOne() =>
        Repository.AssertSame((await Document()).ToJsonString(Indented) + "\n", "tests", "KlApi.Tests", "Host", "openapi.json");

    [Fact]
    public async Task Operations_All_SayWhatTheyDo()
    {
        var operations = Operations(await Document()).ToList();
        Assert.NotEmpty(operations);
        foreach (var (name, operation) in operations)
        {
            Assert.True(operation["summary"]?.GetValue<string>().Length > 3, $"{name} has no summary");
            Assert.True(operation["description"]?.GetValue<string>().Length > 20, $"{name} has no description");
            Assert.True(operation["tags"]?.AsArray().Count == 1, $"{name} needs one tag");
            Assert.NotEqual("KlApi", operation["tags"]![0]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Operations_All_StateTheirStatuses()
    {
        foreach (var (name, operation) in Operations(await Document()))
        {
            var statuses = operation["responses"]!.AsObject().Select(response => response.Key).ToHashSet();
            Assert.True(statuses.Any(status => status[0] == '2'), $"{name} states no success");
            if (operation["requestBody"] is not null)
                Assert.True(statuses.IsSupersetOf(["400", "413", "415"]), $"{name} takes a body and must state 400, 413 and 415");
            // What a PUT names is made by it.
            var creates = name.StartsWith("put ", StringComparison.Ordinal) && name.EndsWith('}');
            if (name.Contains('{', StringComparison.Ordinal) && !creates) Assert.True(statuses.Contains("404"), $"{name} takes an id and must state 404");
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(response!["description"]?.GetValue<string>()), $"{name} {status} has no description");
                if (status[0] is '4' or '5') Assert.NotNull(response["content"]?["application/problem+json"]);
            }
        }
    }

    [Fact]
    public async Task Operations_ThatTakeJson_HaveAnExample()
    {
        foreach (var (name, operation) in Operations(await Document()))
            if (operation["requestBody"]?["content"]?["application/json"] is { } json)
                Assert.True(json["examples"]?.AsObject().Count > 0, $"{name} takes JSON and shows no example");
    }

    [Fact]
    public async Task Parameters_All_SayWhatTheyAre()
    {
        foreach (var (name, operation) in Operations(await Document()))
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                Assert.True(parameter!["description"]?.GetValue<string>().Length > 5, $"{name}: {parameter["name"]} has no description");
    }

    [Fact]
    public async Task Answers_WithABody_SayItsMediaTypes()
    {
        foreach (var (name, operation) in Operations(await Document()))
            foreach (var status in (string[])["200", "201"])
                if (operation["responses"]![status] is { } response) Assert.True(response["content"]?.AsObject().Count > 0, $"{name} {status} says no media type");
    }

    [Theory]
    [InlineData("post /v1/baselines/{name}/compare", "application/json application/x-ndjson text/csv application/x-npy text/plain")]
    [InlineData("post /v1/logits/compare", "application/json application/x-ndjson text/csv application/x-npy text/plain")]
    [InlineData("get /v1/comparisons/{id}/positions", "application/x-ndjson text/csv application/x-npy")]
    [InlineData("post /v1/baselines/{name}/convert", "application/x-npy application/x-safetensors application/x-kld application/x-ndjson")]
    public async Task Answers_InSeveralForms_AreAllListed(string name, string mediaTypes)
    {
        var content = Operations(await Document()).Single(operation => operation.Name == name).Operation["responses"]!["200"]!["content"]!.AsObject();
        Assert.All(mediaTypes.Split(' '), mediaType => Assert.True(content.ContainsKey(mediaType), $"{mediaType} is not among {content.ToJsonString()}"));
    }

    /// <summary>What a class is called says nothing to a client; references between comments are told in words.</summary>
    [Fact]
    public async Task Document_AsText_NamesNoTypesOfTheCode()
    {
        var texts = Nodes(await Document()).OfType<JsonValue>().Select(value => value.ToString()).ToList();
        Assert.NotEmpty(texts);
        Assert.DoesNotContain(texts, text => text.Contains("KlCore.", StringComparison.Ordinal) || text.Contains("KlApi.", StringComparison.Ordinal) || text.Contains("cref=", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("except `llamaCpp` (nats)", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("the same number as `jeffreys`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Limits_OfAReport_AreFiniteNumbers()
    {
        var schemas = (await Document())["components"]!["schemas"]!;
        foreach (var record in (string[])["QueryOptions", "LogitsRequest", "MergeRequest", "LogitsComparisonSpecification"])
            Assert.Equal("number", schemas[record]!["properties"]!["gate"]!["additionalProperties"]!["type"]!.GetValue<string>());
        // Where infinities are legal, they are still listed.
        Assert.Contains("Infinity", schemas["LogitsRequest"]!["properties"]!["p"]!.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>The files that are shown, sent in the order of a first visit: stored, given targets, compared; and a table.</summary>
    [Fact]
    public async Task Examples_OfFiles_AreAnsweredWith2xx()
    {
        var operations = Operations(await Document()).ToDictionary(operation => operation.Name, operation => operation.Operation);
        foreach (var name in (string[])["put /v1/baselines/{name}", "put /v1/baselines/{name}/targets", "post /v1/baselines/{name}/compare", "post /v1/datasets"])
        {
            var shown = 0;
            foreach (var (mediaType, content) in operations[name]["requestBody"]!["content"]!.AsObject())
                foreach (var (title, example) in content!["examples"]?.AsObject() ?? [])
                {
                    // Another example is another baseline.
                    var path = name.Split(' ')[1].Replace("{name}", $"shown-{shown++}", StringComparison.Ordinal);
                    var body = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(example!["value"]!.GetValue<string>()));
                    body.Headers.ContentType = new(mediaType);
                    var answer = await _client.Ask(new HttpRequestMessage(new HttpMethod(name.Split(' ')[0].ToUpperInvariant()), path) { Content = body });
                    Assert.True(answer.Status is >= 200 and < 300, $"{name}, example \"{title}\": {answer.Status} {answer.Text}");
                }

            Assert.True(shown > 0, $"{name} shows no example");
        }
    }

    [Fact]
    public async Task OperationIds_All_Differ()
    {
        var ids = Operations(await Document()).Select(operation => operation.Operation["operationId"]!.GetValue<string>()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    /// <summary>The document is what people copy from: everything it shows must run.</summary>
    [Fact]
    public async Task Examples_Posted_AreAnsweredWith2xx()
    {
        foreach (var (name, operation) in Operations(await Document()))
        {
            var examples = operation["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject();
            foreach (var (title, example) in examples ?? [])
            {
                // An example of an operation on something that must exist first is run by its feature's own tests.
                if (name.Contains('{', StringComparison.Ordinal)) continue;
                var words = name.Split(' ');
                var body = new StringContent(await WithComparisons(example!["value"]!.ToJsonString()), System.Text.Encoding.UTF8, "application/json");
                var answer = await _client.Ask(new HttpRequestMessage(new HttpMethod(words[0].ToUpperInvariant()), words[1]) { Content = body });
                Assert.True(answer.Status is >= 200 and < 300, $"{name}, example \"{title}\": {answer.Status} {answer.Text}");
            }
        }
    }

    /// <summary>Examples about comparisons name three that are not there yet: two with the same rows, and one that goes on after the first.</summary>
    private async Task<string> WithComparisons(string body)
    {
        if (!body.Contains("01K0000000000000000000000", StringComparison.Ordinal)) return body;
        for (var i = 0; i < 3; i++)
        {
            var answer = await _client.PostJson("/v1/logits/compare", $$"""{ "p": [[1, 2], [3, 4]], "q": [[1, {{i}}], [3, 5]], "firstRow": {{(i == 2 ? 2 : 0)}} }""");
            body = body.Replace($"01K0000000000000000000000{i}", answer.Json["id"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        return body;
    }

    /// <summary>A client that validates by the schemas must be able to follow each of them.</summary>
    [Fact]
    public async Task References_All_LeadSomewhere()
    {
        var document = await Document();
        var schemas = document["components"]!["schemas"]!.AsObject().Select(schema => schema.Key).ToHashSet();
        var references = Nodes(document).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>().Select(reference => reference.GetValue<string>()).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Contains(reference["#/components/schemas/".Length..], schemas));
    }

    [Fact]
    public async Task Discriminators_All_MatchTheConstantsOfTheirRecords()
    {
        var schemas = (await Document())["components"]!["schemas"]!.AsObject();
        var bases = schemas.Where(schema => schema.Value!["discriminator"] is not null).ToList();
        foreach (var (name, schema) in bases)
        {
            var property = schema!["discriminator"]!["propertyName"]!.GetValue<string>();
            Assert.Equal(schema["oneOf"]!.AsArray().Count, schema["discriminator"]!["mapping"]!.AsObject().Count);
            foreach (var (word, reference) in schema["discriminator"]!["mapping"]!.AsObject())
            {
                var record = schemas[reference!.GetValue<string>()["#/components/schemas/".Length..]]!;
                Assert.Equal(word, record["properties"]![property]!["const"]!.GetValue<string>());
                Assert.Contains(property, record["required"]!.AsArray().Select(field => field!.GetValue<string>()));
                Assert.True(record["allOf"] is null, $"{name}: {word} must not use allOf");
            }
        }
    }

    private async Task<JsonNode> Document() => (await _client.Fetch("/swagger/v1/swagger.json")).Json;

    private static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is "get" or "post" or "put" or "delete" or "patch"
        select ($"{operation.Key} {path.Key}", operation.Value!);

    private static IEnumerable<JsonNode> Nodes(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject map => map.Select(entry => entry.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (var child in children)
            if (child is not null)
                foreach (var inner in Nodes(child)) yield return inner;
    }
}
