using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

public sealed class IdempotencyTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task SameKeyAndBody_GiveTheFirstAnswer()
    {
        var first = await _client.PostWith(JobRequests.Walk(3), ("Idempotency-Key", "a"));
        await _client.Finished((string)first.Json["id"]!);
        var second = await _client.PostWith("{\"steps\":3,\"seed\":7,\"kind\":\"walk\"}", ("Idempotency-Key", "a"));
        Assert.Equal(202, second.Status);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Message.Headers.Location, second.Message.Headers.Location);
    }

    [Fact]
    public async Task SameKey_AfterItsJobWasDeleted_GivesTheFirstAnswerAndNoNewJob()
    {
        var first = await _client.PostWith(JobRequests.Walk(3), ("Idempotency-Key", "deleted"));
        var id = (string)first.Json["id"]!;
        await _client.Finished(id);
        await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/jobs/{id}"));
        var second = await _client.PostWith(JobRequests.Walk(3), ("Idempotency-Key", "deleted"));
        Assert.Equal(202, second.Status);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(404, (await _client.Fetch($"/v1/jobs/{id}")).Status);
    }

    [Fact]
    public async Task SameKeyOtherBody_Is422()
    {
        await _client.PostWith(JobRequests.Walk(3), ("Idempotency-Key", "b"));
        var second = await _client.PostWith(JobRequests.Walk(4), ("Idempotency-Key", "b"));
        Assert.Equal(422, second.Status);
        Assert.Equal("idempotency-key-reused", (string?)second.Json["code"]);
    }

    [Fact]
    public async Task SameKey_WhileTheFirstIsBeingAnswered_Is409()
    {
        var first = _client.PostWith(JobRequests.Walk(100, 10), ("Idempotency-Key", "c"), ("Prefer", "wait=20"));
        await Task.Delay(300);
        var second = await _client.PostWith(JobRequests.Walk(100, 10), ("Idempotency-Key", "c"));
        Assert.Equal(409, second.Status);
        Assert.Equal("idempotency-key-in-flight", (string?)second.Json["code"]);
        Assert.NotNull(second.Message.Headers.RetryAfter);
        Assert.Equal(200, (await first).Status);
    }

    [Fact]
    public async Task FiftyAtOnceWithOneKey_MakeOneJob()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _client.PostWith(JobRequests.Walk(2), ("Idempotency-Key", "d")))));
        Assert.All(answers, answer => Assert.True(answer.Status is 202 or 409, answer.Text));
        Assert.Single(answers.Where(answer => answer.Status == 202).Select(answer => (string)answer.Json["id"]!).Distinct());
        var after = await _client.PostWith(JobRequests.Walk(2), ("Idempotency-Key", "d"));
        Assert.Equal(202, after.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public async Task Key_ThatIsEmptyOrTooLong_Is400(int length)
    {
        var context = await service.Server.SendAsync(request =>
        {
            var body = System.Text.Encoding.UTF8.GetBytes(JobRequests.Walk(2));
            (request.Request.Method, request.Request.Path, request.Request.ContentType) = ("POST", "/v1/jobs", "application/json");
            // HttpClient sends no empty header.
            request.Request.Headers["Idempotency-Key"] = new string('x', length);
            (request.Request.Body, request.Request.ContentLength) = (new MemoryStream(body), body.Length);
        });
        Assert.Equal(400, context.Response.StatusCode);
    }

    [Fact]
    public async Task SameKey_AfterItsDatasetWasDeleted_GivesTheFirstAnswer()
    {
        var dataset = (string)(await _client.PostJson("/v1/datasets?name=a", "1\n2\n3\n", "text/csv")).Json["id"]!;
        var body = JobRequests.Walk(3, 0, $", \"dataset\": \"{dataset}\"");
        var first = await _client.PostWith(body, ("Idempotency-Key", "dataset"));
        Assert.True(first.Status == 202, first.Text);
        await _client.Finished((string)first.Json["id"]!);
        Assert.Equal(204, (await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/datasets/{dataset}"))).Status);
        var second = await _client.PostWith(body, ("Idempotency-Key", "dataset"));
        Assert.Equal((202, first.Text), (second.Status, second.Text));
        Assert.Equal(400, (await _client.PostWith(body, ("Idempotency-Key", "dataset-2"))).Status);
    }
}
