using System.ComponentModel.DataAnnotations;

namespace KlApi.Host;

/// <summary>The section <c>KlService</c> of the configuration.</summary>
public sealed class Settings
{
    /// <summary>Where everything durable lives: the SQLite file, datasets, artifacts.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Empty: SQLite in the data directory.</summary>
    public string Database { get; set; } = "";

    /// <summary>How many jobs run at once on this node.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 64);

    /// <summary>Seconds between readiness turning red at a stop and the listener closing, so that load balancers look elsewhere first.</summary>
    [Range(0.0, 60.0)]
    public double DrainSeconds { get; set; } = 0.5;

    /// <summary>Whether <c>/swagger</c> is served.</summary>
    public bool Swagger { get; set; } = true;

    /// <summary>Addresses of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; by default none is.</summary>
    public string[] KnownProxies { get; set; } = [];
}

/// <summary>The section <c>KlService:Limits</c>: what one machine should be asked for. Shown by <c>GET /v1/limits</c>.</summary>
public sealed class Limits
{
    /// <summary>Bytes of a JSON body.</summary>
    [Range(1024L, 1L << 30)]
    public long JsonBytes { get; set; } = 64L << 20;

    /// <summary>Categories of one distribution.</summary>
    [Range(1, 1 << 24)]
    public int Categories { get; set; } = 1 << 21;

    /// <summary>Pairs or candidates of one batch.</summary>
    [Range(1, 1_000_000)]
    public int BatchPairs { get; set; } = 10_000;

    /// <summary>Tokens of one batch of sampled log-probabilities, and numbers that one answer about them may hold.</summary>
    [Range(1, 1 << 24)]
    public int PolicyTokens { get; set; } = 1 << 20;

    /// <summary>Characters of the texts that one request compares.</summary>
    [Range(1L, 1L << 28)]
    public long TextCharacters { get; set; } = 1L << 23;

    /// <summary>Multiplications that one request may ask of a network that is written out: rows times weights, three times as many with gradients.</summary>
    [Range(1L, 1L << 50)]
    public long NetworkMultiplications { get; set; } = 1L << 28;

    /// <summary>Numbers that the answer about such a network may hold.</summary>
    [Range(1, 1 << 28)]
    public int NetworkNumbers { get; set; } = 1 << 22;

    /// <summary>Numbers that an answer full of draws may hold.</summary>
    [Range(1, 1 << 28)]
    public int AnswerNumbers { get; set; } = 1 << 22;

    /// <summary>Dimensions of a Gaussian.</summary>
    [Range(1, 10_000)]
    public int GaussianDimension { get; set; } = 1024;

    /// <summary>Bytes of one upload.</summary>
    [Range(1024L, 1L << 50)]
    public long UploadBytes { get; set; } = 10L << 30;

    /// <summary>Bytes of all datasets, baselines and comparisons together; above it an upload is answered with 507.</summary>
    [Range(1024L, 1L << 50)]
    public long StorageBytes { get; set; } = 40L << 30;

    /// <summary>
    /// Numbers that one request may hold in memory: those that a job reads from a dataset, one for each row of each candidate of a ranking, one for each target of a form.
    /// </summary>
    [Range(1L, 1L << 40)]
    public long DatasetNumbers { get; set; } = 1L << 26;

    /// <summary>
    /// Comparisons, rankings and mergers at once, however slowly their data arrives; above it they are answered with 429. As many as there are processors are computed at a time.
    /// </summary>
    [Range(1, 10_000)]
    public int ComparisonsAtOnce { get; set; } = Math.Min(4 * Environment.ProcessorCount, 10_000);

    /// <summary>Jobs that wait or run; above it a submission is answered with 429.</summary>
    [Range(1, 1_000_000)]
    public int OpenJobs { get; set; } = 1000;

    /// <summary>Seconds that one job may run in all.</summary>
    [Range(1, 31_536_000)]
    public int JobSeconds { get; set; } = 86_400;

    /// <summary>Seconds after which a synchronous request is stopped.</summary>
    [Range(1, 3600)]
    public int RequestSeconds { get; set; } = 30;

    /// <summary>Requests a second that one client may make; 0 means any number.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; }

    /// <summary>Connections at once.</summary>
    [Range(10, 1_000_000)]
    public int Connections { get; set; } = 2000;
}
