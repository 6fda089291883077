using System.Diagnostics.Metrics;

namespace KlApi.Host;

/// <summary>
/// Listens to the instruments of this host and answers them at <c>/metrics</c>: requests (the framework's own histogram by route and
/// status), the runtime (memory, collections, threads) and everything in a meter named <see cref="MeterName"/>. A feature adds its own by
/// creating a counter or an observable gauge there, through <see cref="IMeterFactory"/>, and names it nowhere else.
/// </summary>
internal sealed class Metrics : IDisposable
{
    public const string Path = "/metrics";
    public const string MeterName = "KlService";

    private static readonly HashSet<string> Hosting = ["http.server.request.duration", "http.server.active_requests"];

    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, MetricFamily> _families = [];
    private readonly Lock _lock = new();

    public Metrics(IMeterFactory factory)
    {
        // Several hosts may live in one process; each hears only the instruments of its own factory, and the runtime's, which have none.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var own = ReferenceEquals(instrument.Meter.Scope, factory) && (instrument.Meter.Name == MeterName || Hosting.Contains(instrument.Name));
            if (own || instrument.Meter.Name == "System.Runtime") listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.Start();
    }

    public static void AddMetrics(IServiceCollection services) => services.AddSingleton<Metrics>();

    public static void MapMetrics(WebApplication app)
    {
        // Created now, so that it hears the first request.
        var metrics = app.Services.GetRequiredService<Metrics>();
        app.MapGet(Path, () => Results.Text(metrics.Write(), "text/plain; version=0.0.4; charset=utf-8"))
            .DisableHttpMetrics()
            .ExcludeFromDescription();
    }

    /// <summary>The Prometheus text format, version 0.0.4.</summary>
    public string Write()
    {
        lock (_lock)
        {
            foreach (var family in _families.Values) family.ForgetObserved();
            _listener.RecordObservableInstruments();
            using var text = new StringWriter { NewLine = "\n" };
            text.WriteLine("# HELP klservice_build_info What runs here.");
            text.WriteLine("# TYPE klservice_build_info gauge");
            text.WriteLine($"klservice_build_info{{version=\"{typeof(Metrics).Assembly.GetName().Version?.ToString(3)}\",runtime=\"{Environment.Version}\"}} 1");
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily FamilyOf(Instrument instrument)
    {
        lock (_lock)
        {
            var family = new MetricFamily(instrument);
            return _families.TryAdd(family.Name, family) ? family : _families[family.Name];
        }
    }
}
