using KlApi.Tests.Datasets;
using KlApi.Tests.Host;

namespace KlApi.Tests.Baselines;

/// <summary>How tests talk about baselines.</summary>
internal static class BaselineRequests
{
    public const string Path = "/v1/baselines";

    public static Task<Answer> PutBaseline(this HttpClient client, string name, byte[] bytes, string query = "", string mediaType = "application/octet-stream") =>
        client.Ask(new HttpRequestMessage(HttpMethod.Put, $"{Path}/{name}{query}") { Content = Uploads.Content(bytes, mediaType) });

    public static Task<Answer> PutTargets(this HttpClient client, string name, byte[] bytes) =>
        client.Ask(new HttpRequestMessage(HttpMethod.Put, $"{Path}/{name}/targets") { Content = Uploads.Content(bytes, "application/x-npy") });

    public static Task<Answer> DeleteBaseline(this HttpClient client, string name) => client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{name}"));

    /// <summary>The problem's stable word.</summary>
    public static string Code(this Answer answer) => answer.Json["code"]!.GetValue<string>();
}
