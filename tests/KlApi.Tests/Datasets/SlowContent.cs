using System.Net;

namespace KlApi.Tests.Datasets;

/// <summary>A body that is made while it is sent: so many pieces, with a pause between them if wanted.</summary>
internal sealed class SlowContent : HttpContent
{
    private readonly IEnumerable<byte[]> _pieces;
    private readonly TimeSpan _pause;

    public SlowContent(IEnumerable<byte[]> pieces, TimeSpan pause, string mediaType)
    {
        (_pieces, _pause) = (pieces, pause);
        Headers.ContentType = new(mediaType);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in _pieces)
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            if (_pause > TimeSpan.Zero) await Task.Delay(_pause);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
