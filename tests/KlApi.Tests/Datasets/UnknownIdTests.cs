using KlApi.Tests.Host;

namespace KlApi.Tests.Datasets;

public sealed class UnknownIdTests : IClassFixture<Service>
{
    private readonly HttpClient _client;

    public UnknownIdTests(Service service) => _client = service.CreateClient();

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
