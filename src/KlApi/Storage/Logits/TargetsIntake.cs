using KlCore;
using KlCore.Formats;

namespace KlApi.Storage.Logits;

/// <summary>Targets that arrive in pieces, in whichever format their first bytes say, for so many rows and not more than are allowed; memory is four bytes for each.</summary>
internal sealed class TargetsIntake(long? rows, long most = long.MaxValue)
{
    private readonly FirstBytes _first = new();
    private TargetsReader? _reader;

    /// <summary>Takes the next bytes; more targets than rows end it.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        if (_reader is null)
        {
            if (!_first.Take(ref piece)) return;
            Begin();
        }

        _reader!.Append(piece);
        if (_reader.Count > rows) throw Mismatch($"more than {rows}");
        if (_reader.Count > most) throw new TooCostlyException($"Targets are held in memory, at most {most} of them (limit datasetNumbers of GET /v1/limits).");
    }

    /// <summary>The data has ended; returns the targets, -1 where a row has none.</summary>
    public int[] Complete()
    {
        if (_reader is null) Begin();
        var targets = _reader!.Complete();
        return rows is null || targets.Length == rows ? targets : throw Mismatch($"{targets.Length}");
    }

    private void Begin()
    {
        _reader = TargetsReader.Open(TargetsReader.Sniff(_first.Bytes));
        _reader.Append(_first.Bytes);
    }

    private NotComputableException Mismatch(string count) => new("row-count-mismatch", $"There must be one target for each of the {rows} rows, there are {count}.");
}
