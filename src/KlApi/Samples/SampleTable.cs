using System.Buffers;
using KlApi.Host;
using KlApi.Storage;
using KlCore;
using KlCore.Formats;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace KlApi.Samples;

/// <summary>A sample that came as a file: a <c>.npy</c> of one or two dimensions, or a CSV of which all columns of numbers are read, or those that are named.</summary>
internal sealed class SampleTable(string name, bool isNpy, SpooledFile file, TableShape shape) : IAsyncDisposable
{
    private const int PieceLength = 128 << 10;

    /// <summary>Checks the file as it arrives, and refuses it at the first byte that its format does not allow.</summary>
    public static async Task<SampleTable> Receive(string name, MultipartSection section, ContentDispositionHeaderValue disposition, StoredFiles files, StorageQuota quota, CancellationToken cancellation)
    {
        Form.RequirePlain(section);
        var isNpy = IsNpy(section, disposition, name);
        var reader = Reader(isNpy, null);
        try
        {
            var file = await SpooledFile.Receive(section, files, quota, piece => reader.Append(piece.Span), cancellation);
            try
            {
                return new SampleTable(name, isNpy, file, reader.Complete());
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }
        catch (MalformedDataException failure)
        {
            throw failure.Of(name);
        }
    }

    /// <summary>The names of the columns of numbers, in their order.</summary>
    public IReadOnlyList<string> Columns => [.. shape.Columns.Where(column => column.Type == ColumnType.Number).Select(column => column.Name)];

    /// <summary>The points: of a single column plain numbers.</summary>
    /// <param name="columns">The columns by name; null for all of numbers.</param>
    /// <param name="most">How many numbers may be read.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Points> Read(IReadOnlyList<string>? columns, long most, CancellationToken cancellation)
    {
        var selected = Select(columns);
        if (shape.Rows * selected.Length > most) throw Refusal.TooLarge($"A sample may have at most {most} numbers (limit datasetNumbers of GET /v1/limits), {name} has {shape.Rows * selected.Length}.");
        var (coordinates, places) = (new double[shape.Rows * selected.Length], new int[shape.Columns.Count]);
        Array.Fill(places, -1);
        for (var i = 0; i < selected.Length; i++) places[selected[i]] = i;
        var reader = Reader(isNpy, (row, column, value) =>
        {
            if (places[column] >= 0) coordinates[row * selected.Length + places[column]] = value;
        });
        var source = await file.Rewind(cancellation);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (await source.ReadAsync(piece, cancellation) is var length and > 0) reader.Append(piece.AsSpan(0, length));
            reader.Complete();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return Points.Of(coordinates, selected.Length);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private int[] Select(IReadOnlyList<string>? columns)
    {
        var problems = new Problems();
        var numbers = Enumerable.Range(0, shape.Columns.Count).Where(i => shape.Columns[i].Type == ColumnType.Number).ToArray();
        if (columns is null)
        {
            if (numbers.Length == 0) problems.Add(name, "must have a column of numbers, it has none");
            problems.ThrowIfAny();
            return numbers;
        }

        if (columns.Count == 0) problems.Add("columns", "must name at least 1 column, named none");
        if (columns.Distinct().Count() < columns.Count) problems.Add("columns", "must name each column once");
        var selected = new int[columns.Count];
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = numbers.FirstOrDefault(number => shape.Columns[number].Name == columns[i], -1);
            if (selected[i] < 0) problems.At("columns").At(i).Add($"must be a column of numbers of {name}, which has {numbers.Length} of them");
        }

        problems.ThrowIfAny();
        return selected;
    }

    private static TableReader Reader(bool isNpy, NumberVisitor? numbers) => isNpy ? new NpyReader { Numbers = numbers } : new CsvReader(null) { Numbers = numbers };

    // By the name of the file, which clients know better than the media type that they make up for it.
    private static bool IsNpy(MultipartSection section, ContentDispositionHeaderValue disposition, string name)
    {
        var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        if (fileName.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)) return true;
        if (fileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) return false;
        var type = MediaTypeHeaderValue.TryParse(section.ContentType, out var parsed) ? parsed : null;
        if (type?.MediaType.Equals("application/x-npy", StringComparison.OrdinalIgnoreCase) == true) return true;
        if (type?.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) == true) return false;
        throw Refusal.MediaType($"The file {name} must be a .npy or a .csv, by its name or its Content-Type (application/x-npy, text/csv).");
    }
}
