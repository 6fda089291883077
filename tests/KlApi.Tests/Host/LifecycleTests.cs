using System.Diagnostics;
using System.Net;
using KlApi.Host;
using Microsoft.Extensions.Configuration;

namespace KlApi.Tests.Host;

/// <summary>Start, probe and end of the service as a process.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task Sigterm_WithARunningJobThatIsWatched_TurnsReadinessRedAndEndsInTime()
    {
        await using var service = new ServiceProcess().With("KlService__DrainSeconds", "1");
        await service.Start();
        var job = await service.Client.PostJson("/v1/jobs", """
            { "kind": "density-fit", "steps": 1000000, "model": { "family": "normal" }, "objective": { "name": "forward-kl" },
              "target": { "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] } }
            """);
        Assert.True(job.Status == 202, job.Text);
        using var events = await service.Client.GetAsync(new Uri($"/v1/jobs/{(string)job.Json["id"]!}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var watched = events.Content.ReadAsStringAsync();

        var clock = Stopwatch.StartNew();
        await service.AskToEnd();
        var red = false;
        while (!red && clock.Elapsed < TimeSpan.FromSeconds(1))
            red = (await service.Client.Fetch("/health/ready")).Status == (int)HttpStatusCode.ServiceUnavailable;
        Assert.True(red, "readiness never turned red");
        await service.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, service.Process.ExitCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed}");
        Assert.NotEmpty(await watched);
    }

    [Fact]
    public async Task Probe_OfAServiceThatRuns_SucceedsInEveryFormOfAddress()
    {
        await using var service = new ServiceProcess();
        await service.Start();
        Assert.Equal(0, await Run("--probe", ("ASPNETCORE_URLS", $"http://127.0.0.1:{service.Port}")));
        Assert.Equal(0, await Run("--probe", ("ASPNETCORE_URLS", $"http://+:{service.Port}")));
        Assert.Equal(0, await Run("--probe", ("ASPNETCORE_HTTP_PORTS", $"{service.Port}")));
        await service.Kill();
        Assert.Equal(1, await Run("--probe", ("ASPNETCORE_HTTP_PORTS", $"{service.Port}")));
    }

    [Theory]
    [InlineData("KlService__Workers", "0")]
    [InlineData("KlService__Limits__RequestSeconds", "-1")]
    public async Task Setting_OutsideItsBounds_StopsTheStart(string name, string value) => Assert.Equal(1, await Run("", (name, value)));

    [Theory]
    [InlineData("urls", "http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("urls", "http://*:81;https://*:82", "http://127.0.0.1:81/")]
    [InlineData("urls", "http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("urls", "http://[::]:8080", "http://[::1]:8080/")]
    [InlineData("urls", "http://10.1.2.3:8080", "http://10.1.2.3:8080/")]
    [InlineData("urls", "http://localhost:5000", "http://localhost:5000/")]
    [InlineData("urls", "http://kl.example:8080", "http://127.0.0.1:8080/")]
    [InlineData("urls", "https://+:8443", "https://127.0.0.1:8443/")]
    [InlineData("http_ports", "8080;8081", "http://127.0.0.1:8080/")]
    [InlineData("https_ports", "8443", "https://127.0.0.1:8443/")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:9000", "http://127.0.0.1:9000/")]
    [InlineData("other", "x", "http://localhost:5080/")]
    public void ProbeAddress_OfAConfiguration_IsWhereTheServerListens(string key, string value, string expected) =>
        Assert.Equal(new Uri(expected), Probe.Address(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build()));

    private static async Task<int> Run(string argument, params (string Name, string Value)[] settings)
    {
        var data = Directory.CreateTempSubdirectory("kl-run-");
        var start = new ProcessStartInfo("dotnet", $"\"{Path.Combine(AppContext.BaseDirectory, "KlApi.dll")}\" {argument}") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = null;
        start.Environment["KlService__DataDirectory"] = data.FullName;
        if (argument.Length == 0) start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        await output;
        data.Delete(recursive: true);
        return process.ExitCode;
    }
}
