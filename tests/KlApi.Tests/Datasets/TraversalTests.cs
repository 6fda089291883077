using KlApi.Tests.Host;

namespace KlApi.Tests.Datasets;

public sealed class TraversalTests : IClassFixture<Service>
{
    private static readonly string[] Up = ["..", "%2e%2e", "%2E%2E", "..%00", "%252e%252e", "..;", ".%2e", "%c0%ae%c0%ae", "....", "..\\"];
    private static readonly string[] Separators = ["/", "%2f", "%5c", "\\", "%252f", "//"];

    private readonly HttpClient _client;

    public TraversalTests(Service service) => _client = service.CreateClient();

    [Fact]
    public async Task Paths_InSixtyFormsOfTraversal_ReadAndRemoveNothing()
    {
        var tried = 0;
        foreach (var up in Up)
            foreach (var separator in Separators)
            {
                var id = string.Concat(Enumerable.Repeat(up + separator, 8)) + "etc" + separator + "passwd";
                foreach (var suffix in (string[])["", "/content"])
                    foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
                    {
                        var answer = await _client.Ask(new HttpRequestMessage(method, new Uri($"http://localhost{Uploads.Path}/{id}{suffix}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })));
                        Assert.InRange(answer.Status, 400, 405);
                        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
                    }
                tried++;
            }
        Assert.Equal(60, tried);
    }

    [Theory]
    [InlineData("klservice.db")]
    [InlineData("01K00000000000000000000000")]
    [InlineData("01k00000000000000000000000")]
    [InlineData("con")]
    [InlineData("%F0%9F%92%A9")]
    [InlineData("' OR 1=1 --")]
    public async Task Ids_OfNothing_Are404(string id)
    {
        foreach (var answer in (Answer[])[await _client.Fetch($"{Uploads.Path}/{id}"), await _client.Fetch($"{Uploads.Path}/{id}/content"), await _client.Remove(id)])
            Assert.Equal((404, "not-found"), (answer.Status, answer.Json["code"]!.GetValue<string>()));
    }
}
