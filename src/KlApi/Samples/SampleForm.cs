using System.Text;
using KlApi.Host;
using KlApi.Storage;
using KlCore;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Samples;

/// <summary>A form with the files of samples and a part <c>request</c>, JSON with the rest of what a request says.</summary>
internal sealed class SampleForm : IAsyncDisposable
{
    private const int LongestRequest = 1 << 20;

    private readonly Dictionary<string, SampleTable> _tables = new(StringComparer.Ordinal);
    private string? _request;

    /// <summary>The rest of the request, checked.</summary>
    public T Options<T>() where T : class => Body<T>.Parse(Encoding.UTF8.GetBytes(_request ?? "{}"));

    /// <summary>The file of a name, or null.</summary>
    public SampleTable? Table(string name) => _tables.GetValueOrDefault(name);

    /// <summary>The columns of numbers of the first file, if all files have columns of just these names, in whatever order: then names say which belong together. Else null, and places do.</summary>
    public IReadOnlyList<string>? SharedColumns(string[] names)
    {
        var columns = names.Select(Table).OfType<SampleTable>().Select(table => table.Columns).ToList();
        return columns is [var first, ..] && first.Count > 0 && columns.TrueForAll(other => other.Count == first.Count && first.ToHashSet().SetEquals(other)) ? first : null;
    }

    /// <summary>Takes the form off the wire.</summary>
    public static async Task<SampleForm> Receive(MultipartReader parts, string[] names, StoredFiles files, StorageQuota quota, CancellationToken cancellation)
    {
        var form = new SampleForm();
        try
        {
            while (await Form.Next(parts, cancellation) is var (section, disposition)) await form.Take(section, disposition, names, files, quota, cancellation);
            return form;
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var table in _tables.Values) await table.DisposeAsync();
    }

    private async Task Take(MultipartSection section, ContentDispositionHeaderValue disposition, string[] names, StoredFiles files, StorageQuota quota, CancellationToken cancellation)
    {
        var name = disposition.Name.Value?.Trim('"') ?? "";
        if (name == "request")
        {
            if (_request is not null) throw new InvalidInputException("request", "must be there once, is there more than once");
            _request = await Form.Text(section, name, LongestRequest, cancellation);
        }
        else if (!names.Contains(name)) throw new InvalidInputException(name, $"is not a known part; known are {string.Join(", ", names)} and request");
        else if (!disposition.IsFileDisposition()) throw new InvalidInputException(name, "must be a file: a .npy or a .csv with a name");
        else if (_tables.ContainsKey(name)) throw new InvalidInputException(name, "must be there once, is there more than once");
        else _tables.Add(name, await SampleTable.Receive(name, section, disposition, files, quota, cancellation));
    }
}
