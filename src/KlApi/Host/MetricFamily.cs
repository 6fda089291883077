using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace KlApi.Host;

/// <summary>One metric with a series for each set of labels, kept as Prometheus counts: counters and buckets only grow.</summary>
internal sealed class MetricFamily
{
    /// <summary>Labels come from routes and statuses, which are few; should one ever come from a client, memory stays bounded.</summary>
    private const int MostSeries = 2000;

    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly string _help;
    private readonly string _kind;
    private readonly bool _observed;
    private readonly bool _holdsLast;
    private readonly double[] _buckets = [];
    private readonly Dictionary<string, Series> _series = [];
    private readonly Dictionary<int, (KeyValuePair<string, object?>[] Tags, Series Series)> _recent = [];
    private readonly Lock _lock = new();

    public MetricFamily(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        _observed = instrument.IsObservable;
        _holdsLast = _observed || type == typeof(Gauge<>);
        _help = instrument.Description ?? instrument.Name;
        _kind = type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? "counter" : type == typeof(Histogram<>) ? "histogram" : "gauge";
        if (instrument is Histogram<double> histogram) _buckets = [.. histogram.Advice?.HistogramBucketBoundaries ?? DefaultBuckets];
        else if (_kind == "histogram") _buckets = DefaultBuckets;
        Name = PrometheusName(instrument);
    }

    public string Name { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            if (Find(tags) is not { } series) return;
            // What is observed or set is the value itself; what is added or timed comes in parts.
            if (_holdsLast) series.Sum = value;
            else series.Add(value, _buckets);
        }
    }

    /// <summary>The series of these tags. It is looked up by the tags themselves; their text is made once for each series, not at each request.</summary>
    private Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var (key, value) in tags)
        {
            hash.Add(key);
            hash.Add(value);
        }

        var code = hash.ToHashCode();
        if (_recent.TryGetValue(code, out var recent) && tags.SequenceEqual(recent.Tags)) return recent.Series;
        var labels = Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count == MostSeries) return null;
            _series.Add(labels, series = new Series(_buckets.Length));
        }

        if (_recent.Count < MostSeries) _recent[code] = (tags.ToArray(), series);
        return series;
    }

    /// <summary>An observable instrument says all it has each time it is asked; what it no longer says is gone.</summary>
    public void ForgetObserved()
    {
        if (!_observed) return;
        lock (_lock)
        {
            _series.Clear();
            _recent.Clear();
        }
    }

    public void Write(TextWriter text)
    {
        lock (_lock)
        {
            if (_series.Count == 0) return;
            text.WriteLine($"# HELP {Name} {_help.ReplaceLineEndings(" ")}");
            text.WriteLine($"# TYPE {Name} {_kind}");
            foreach (var (labels, series) in _series)
                if (_kind == "histogram") WriteHistogram(text, labels, series);
                else text.WriteLine($"{Name}{Braces(labels)} {Number(series.Sum)}");
        }
    }

    private void WriteHistogram(TextWriter text, string labels, Series series)
    {
        var separator = labels.Length == 0 ? "" : ",";
        var cumulative = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            cumulative += series.Buckets[i];
            text.WriteLine($"{Name}_bucket{{{labels}{separator}le=\"{Number(_buckets[i])}\"}} {cumulative}");
        }

        text.WriteLine($"{Name}_bucket{{{labels}{separator}le=\"+Inf\"}} {series.Count}");
        text.WriteLine($"{Name}_sum{Braces(labels)} {Number(series.Sum)}");
        text.WriteLine($"{Name}_count{Braces(labels)} {series.Count}");
    }

    private static string PrometheusName(Instrument instrument)
    {
        var name = new StringBuilder(instrument.Name).Replace('.', '_').Replace('-', '_').ToString();
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        var counts = instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal) && !instrument.GetType().Name.Contains("UpDown", StringComparison.Ordinal);
        return counts && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0) return "";
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (labels.Length > 0) labels.Append(',');
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(key.Replace('.', '_')).Append("=\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n"))
                .Append('"');
        }

        return labels.ToString();
    }

    private static string Braces(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Series(int buckets)
    {
        public long[] Buckets { get; } = new long[buckets];

        public long Count { get; private set; }

        public double Sum { get; set; }

        public void Add(double value, double[] bounds)
        {
            Count++;
            Sum += value;
            var bucket = Array.FindIndex(bounds, bound => value <= bound);
            if (bucket >= 0) Buckets[bucket]++;
        }
    }
}
