using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KlApi.Tests.Host;

/// <summary>
/// The service as a process of its own on a real port, which can be killed and started again on the same data directory; for what cannot be
/// shown within one process.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("kl-process-").FullName;
    private readonly Dictionary<string, string> _settings = [];
    private Process? _process;

    public string DataDirectory => _data;

    public int Port { get; } = FreePort();

    public HttpClient Client { get; private set; } = new();

    public Process Process => _process ?? throw new InvalidOperationException("The process was not started.");

    /// <summary>Sets a value of the configuration, for example <c>KlService__Limits__OpenJobs</c>, before the next start.</summary>
    public ServiceProcess With(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    /// <summary>Starts the process and waits until it is ready.</summary>
    public async Task Start()
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "KlApi.dll"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Port}";
        start.Environment["KlService__DataDirectory"] = _data;
        foreach (var (key, value) in _settings) start.Environment[key] = value;
        var log = new StringBuilder();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(log, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(log, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client.Dispose();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromMinutes(5) };
        for (var clock = Stopwatch.StartNew(); !await IsReady(); await Task.Delay(25))
            Assert.True(clock.Elapsed < StartTime && !_process.HasExited, $"The process did not start:\n{log}");
    }

    /// <summary>SIGKILL: no handler runs, no buffer is flushed.</summary>
    public async Task Kill()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: the process is asked to end.</summary>
    public async Task AskToEnd()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{Process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends bytes as they are and returns what came back until the server closed or fell silent for a while.</summary>
    public async Task<string> Raw(string request, TimeSpan silence)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[8192];
        using var patience = new CancellationTokenSource();
        try
        {
            while (true)
            {
                patience.CancelAfter(silence);
                var length = await socket.GetStream().ReadAsync(buffer, patience.Token);
                if (length == 0) break;
                answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
                // A complete answer with a last chunk needs no more waiting.
                if (answer.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)) break;
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // Silence or a reset: what came until then is the answer.
        }
        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            if (!_process.HasExited) await Kill();
            _process.Dispose();
        }
        Directory.Delete(_data, recursive: true);
    }

    private static void Note(StringBuilder log, string? line)
    {
        lock (log) log.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReady()
    {
        try
        {
            return (await Client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
