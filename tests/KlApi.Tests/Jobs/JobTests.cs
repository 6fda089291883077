using System.Text.Json.Nodes;
using KlApi.Tests.Host;

namespace KlApi.Tests.Jobs;

public sealed class JobTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Submit_AnswersTheQueuedJobAndWhereToFindIt()
    {
        var answer = await _client.PostJson("/v1/jobs", JobRequests.Walk());
        Assert.Equal(202, answer.Status);
        var id = (string)answer.Json["id"]!;
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{26}$", id);
        Assert.Equal($"/v1/jobs/{id}", answer.Message.Headers.Location?.ToString());
        Assert.NotNull(answer.Message.Headers.RetryAfter);
        string[] fields = ["id", "kind", "status", "createdAt", "startedAt", "finishedAt", "progress", "metrics", "attempts", "error", "specification", "result"];
        Assert.All(fields, field => Assert.True(answer.Json.AsObject().ContainsKey(field), field));
        Assert.Equal("queued", (string?)answer.Json["status"]);
        Assert.Equal("walk", (string?)answer.Json["kind"]);
        Assert.Equal(7, (int)answer.Json["specification"]!["seed"]!);
        Assert.Equal(0, (int)answer.Json["attempts"]!);
    }

    [Fact]
    public async Task Job_ThatRuns_EndsWithItsResult()
    {
        var job = await _client.Finished(await _client.Submit(JobRequests.Walk(200)));
        Assert.Equal("succeeded", (string?)job["status"]);
        Assert.Equal(new Walk { Seed = 7, Steps = 200 }.ExpectedHash(), (string?)job["result"]!["hash"]);
        Assert.Equal(200, (int)job["progress"]!["step"]!);
        Assert.Equal(1, (double)job["progress"]!["fraction"]!);
        Assert.Equal(1, (int)job["attempts"]!);
        Assert.NotNull(job["startedAt"]);
        Assert.EndsWith("Z", (string?)job["finishedAt"], StringComparison.Ordinal);
        Assert.InRange((double)job["metrics"]!["loss"]!, 0, 1);
    }

    [Fact]
    public async Task Prefer_Wait_AnswersTheFinishedJob()
    {
        var answer = await _client.PostWith(JobRequests.Walk(5), ("Prefer", "wait=20"));
        Assert.Equal(200, answer.Status);
        Assert.Equal("succeeded", (string?)answer.Json["status"]);
        Assert.Equal("wait=20", Assert.Single(answer.Message.Headers.GetValues("Preference-Applied")));
    }

    [Fact]
    public async Task Prefer_WaitThatIsTooShort_AnswersTheJobAsItIs()
    {
        var answer = await _client.PostWith(JobRequests.Walk(400, 10), ("Prefer", "wait=1"));
        Assert.Equal(202, answer.Status);
        await _client.PostJson($"/v1/jobs/{answer.Json["id"]}/cancel", "");
    }

    [Theory]
    [InlineData("""{ "kind": "nonsense" }""", "/kind")]
    [InlineData("""{ "steps": 5 }""", "/kind")]
    [InlineData("""{ "kind": "walk", "steps": -1 }""", "/steps")]
    [InlineData("""{ "kind": "walk", "steps": 1, "stepz": 1 }""", "/stepz")]
    [InlineData("""{ "kind": "walk", "priority": 10 }""", "/priority")]
    [InlineData("""{ "kind": "walk", "priority": -1 }""", "/priority")]
    [InlineData("""{ "kind": "walk", "seed": 1.5 }""", "/seed")]
    [InlineData("""{ "kind": "walk", "dataset": "01ARZ3NDEKTSV4RRFFQ69G5FAV" }""", "/target/dataset")]
    [InlineData("""{ "kind": "walk", """, "")]
    public async Task Submit_OfSomethingWrong_SaysWhereAndStoresNothing(string body, string pointer)
    {
        var answer = await _client.PostJson("/v1/jobs", body);
        Assert.True(answer.Status == 400, answer.Text);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.NotNull(answer.ErrorAt(pointer));
    }

    [Fact]
    public async Task Submit_OfAnotherMediaType_Is415() => Assert.Equal(415, (await _client.PostJson("/v1/jobs", JobRequests.Walk(), "text/plain")).Status);

    [Theory]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("nothing")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%2e%2e")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV'--")]
    public async Task EveryOperation_OnAnUnknownId_IsAProblem404(string id)
    {
        string[] reads = ["", "/events", "/metrics", "/artifacts", "/artifacts/report.json"];
        var answers = new List<Answer>();
        foreach (var path in reads) answers.Add(await _client.Fetch($"/v1/jobs/{id}{path}"));
        answers.Add(await _client.PostJson($"/v1/jobs/{id}/cancel", ""));
        answers.Add(await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/jobs/{id}")));
        Assert.All(answers, answer =>
        {
            Assert.True(answer.Status is 404 or 405, $"{answer.Message.RequestMessage?.RequestUri} {answer.Text}");
            Assert.Equal("application/problem+json", answer.MediaType);
        });
    }

    [Theory]
    [InlineData("diverges", "divergesAtStep", "diverged")]
    [InlineData("is NaN", "isNanAtStep", "diverged")]
    [InlineData("throws", "failsAtStep", "internal-error")]
    public async Task Job_ThatFails_SaysWhyAndHarmsNoOther(string how, string field, string code)
    {
        var failing = await _client.Submit(JobRequests.Walk(20, 0, $", \"{field}\": 5"));
        var other = await _client.Submit(JobRequests.Walk(20));
        var job = await _client.Finished(failing);
        Assert.True((string?)job["status"] == "failed", how);
        Assert.Equal(code, (string?)job["error"]!["code"]);
        Assert.DoesNotContain("Something inside", job.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(job["result"]);
        Assert.Equal("succeeded", (string?)(await _client.Finished(other))["status"]);
        if (code != "diverged") return;
        Assert.Equal(5, (int)job["error"]!["step"]!);
        Assert.InRange((double)job["error"]!["lastFiniteLoss"]!, 0, 1);
        var kept = Assert.Single((await _client.Fetch($"/v1/jobs/{failing}/artifacts")).Json["data"]!.AsArray())!;
        Assert.Equal("checkpoint.safetensors", (string?)kept["name"]);
        Assert.True((long)kept["bytes"]! > 8);
    }

    [Fact]
    public async Task Artifacts_OfAJob_AreListedAndDownloaded()
    {
        var id = await _client.Submit(JobRequests.Walk(3));
        await _client.Finished(id);
        var entry = Assert.Single((await _client.Fetch($"/v1/jobs/{id}/artifacts")).Json["data"]!.AsArray())!;
        Assert.Equal("report.json", (string?)entry["name"]);
        var download = await _client.Fetch($"/v1/jobs/{id}/artifacts/report.json");
        Assert.Equal("application/json", download.MediaType);
        Assert.Equal(new Walk { Seed = 7, Steps = 3 }.ExpectedHash(), (string?)download.Json["hash"]);
        Assert.Equal((int)entry["bytes"]!, download.Text.Length);
        Assert.Equal(404, (await _client.Fetch($"/v1/jobs/{id}/artifacts/other.json")).Status);
        Assert.Equal(404, (await _client.Fetch($"/v1/jobs/{id}/artifacts/..%2F..%2Fklservice.db")).Status);
    }

    [Fact]
    public async Task Charts_OfAJob_AreSvgOnceThereIsSomethingToShow()
    {
        var id = await _client.Submit(JobRequests.Walk(50));
        await _client.Finished(id);
        var chart = await _client.Fetch($"/v1/jobs/{id}/charts/loss.svg");
        Assert.Equal(200, chart.Status);
        Assert.Equal("image/svg+xml", chart.MediaType);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(chart.Text).Root?.Name.LocalName);
        var later = await _client.Fetch($"/v1/jobs/{id}/charts/later.svg");
        Assert.Equal(404, later.Status);
        Assert.Equal("nothing-to-show", (string?)later.Json["code"]);
        foreach (var path in new[] { $"{id}/charts/other.svg", $"{id}/charts/loss", $"{id}/charts/..%2Floss.svg", "01ARZ3NDEKTSV4RRFFQ69G5FAV/charts/loss.svg" })
            Assert.Equal(404, (await _client.Fetch($"/v1/jobs/{path}")).Status);
    }

    [Theory]
    [InlineData("forward-kl", "covering")]
    [InlineData("reverse-kl", "seeking")]
    public async Task DensityFit_ToTwoModes_EndsWithResultArtifactsAndCharts(string objective, string behaviour)
    {
        var id = await _client.Submit(
            $$"""
            { "kind": "density-fit", "seed": 3, "steps": 1500, "model": { "family": "normal" }, "objective": { "name": "{{objective}}" },
              "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] },
              "optimizer": { "name": "adam", "learningRate": 0.05 } }
            """);
        var job = await _client.Finished(id, 60);
        Assert.True((string?)job["status"] == "succeeded", job.ToJsonString());
        Assert.Equal(behaviour, (string?)job["result"]!["behaviour"]);
        foreach (var name in new[] { "loss", "density" })
            Assert.Equal("image/svg+xml", (await _client.Fetch($"/v1/jobs/{id}/charts/{name}.svg")).MediaType);
        foreach (var artifact in (await _client.Fetch($"/v1/jobs/{id}/artifacts")).Json["data"]!.AsArray())
            Assert.Equal(200, (await _client.Fetch($"/v1/jobs/{id}/artifacts/{artifact!["name"]}")).Status);
    }

    [Fact]
    public async Task Metrics_AreNotedForEveryStepAsJsonAndCsv()
    {
        var id = await _client.Submit(JobRequests.Walk(300));
        await _client.Finished(id);
        var loss = (await _client.Fetch($"/v1/jobs/{id}/metrics")).Json["metrics"]!["loss"]!;
        Assert.Equal(Enumerable.Range(1, 300), loss["steps"]!.AsArray().Select(step => (int)step!));
        var thinned = (await _client.Fetch($"/v1/jobs/{id}/metrics?maxPoints=20")).Json["metrics"]!["loss"]!;
        var values = thinned["values"]!.AsArray().Select(value => (double)value!).ToList();
        Assert.InRange(values.Count, 10, 20);
        Assert.Equal(1, (int)thinned["steps"]![0]!);
        Assert.Equal(300, (int)thinned["steps"]!.AsArray()[^1]!);
        var all = loss["values"]!.AsArray().Select(value => (double)value!).ToList();
        Assert.Equal(all.Min(), values.Min());
        Assert.Equal(all.Max(), values.Max());
        var csv = await _client.Fetch($"/v1/jobs/{id}/metrics?format=csv");
        Assert.Equal("text/csv", csv.MediaType);
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("step,loss,minus", lines[0]);
        Assert.Equal(301, lines.Length);
        Assert.Equal(all[0], double.Parse(lines[1].Split(',')[1]));
        var thinnedCsv = (await _client.Fetch($"/v1/jobs/{id}/metrics?format=csv&maxPoints=20")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(thinnedCsv.Length, 11, 21);
        Assert.Subset(lines.ToHashSet(), thinnedCsv.ToHashSet());
        Assert.Equal(400, (await _client.Fetch($"/v1/jobs/{id}/metrics?maxPoints=1")).Status);
        Assert.Equal(400, (await _client.Fetch($"/v1/jobs/{id}/metrics?format=xml")).Status);
    }

    [Fact]
    public async Task Delete_OfAFinishedJob_RemovesAllOfIt()
    {
        var id = await _client.Submit(JobRequests.Walk(3));
        await _client.Finished(id);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(service.DataDirectory, "artifacts"), $"{id}*"));
        Assert.Equal(204, (await _client.Ask(new HttpRequestMessage(HttpMethod.Delete, $"/v1/jobs/{id}"))).Status);
        Assert.Equal(404, (await _client.Fetch($"/v1/jobs/{id}")).Status);
        Assert.Empty(Directory.GetFiles(Path.Combine(service.DataDirectory, "artifacts"), $"{id}*"));
    }

    [Fact]
    public async Task Meters_CountHowJobsEnd()
    {
        await _client.Finished(await _client.Submit(JobRequests.Walk(3)));
        var text = (await _client.Fetch("/metrics")).Text;
        Assert.Matches("klservice_jobs_finished(_total)?\\{kind=\"walk\",status=\"succeeded\"\\} [1-9]", text);
        Assert.Contains("klservice_jobs_running", text, StringComparison.Ordinal);
        Assert.Contains("klservice_jobs_waiting", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_IsPagedNewestFirstAndFiltered()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await _client.Submit(JobRequests.Walk(1)));
        foreach (var id in ids) await _client.Finished(id);
        var first = (await _client.Fetch("/v1/jobs?limit=2&status=succeeded&kind=walk")).Json;
        Assert.True((bool)first["hasMore"]!);
        var page = first["data"]!.AsArray();
        Assert.Equal(2, page.Count);
        Assert.True(string.CompareOrdinal((string?)page[0]!["id"], (string?)page[1]!["id"]) > 0);
        var seen = new List<string>();
        for (JsonNode? answer = first; ;)
        {
            seen.AddRange(answer["data"]!.AsArray().Select(job => (string)job!["id"]!));
            if (!(bool)answer["hasMore"]!) break;
            answer = (await _client.Fetch($"/v1/jobs?limit=2&status=succeeded&kind=walk&after={seen[^1]}")).Json;
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(ids.Except(seen));
        foreach (var query in new[] { "status=done", "kind=other", "limit=0", "limit=101", "after=x" })
            Assert.Equal(400, (await _client.Fetch($"/v1/jobs?{query}")).Status);
    }
}
