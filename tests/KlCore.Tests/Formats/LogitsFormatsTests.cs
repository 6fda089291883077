using System.Text;
using KlCore.Formats;

namespace KlCore.Tests.Formats;

public class LogitsFormatsTests
{
    [Theory]
    [InlineData("\u0093NUMPY\u0001\u0000v\u0000{'desc", LogitsFormat.Npy)]
    [InlineData("_logits_\u0000\u0002\u0000\u0000", LogitsFormat.Kld)]
    [InlineData("\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}", LogitsFormat.Safetensors)]
    [InlineData("[\u0000\u0001\u0000\u0000\u0000\u0000\u0000{}", LogitsFormat.Safetensors)]
    [InlineData("[1]", LogitsFormat.JsonLines)]
    [InlineData("\u00ef\u00bb\u00bf\r\n {\"logits\"", LogitsFormat.JsonLines)]
    public void Sniff_OfEachFormatsStart_IsTheFormat(string start, LogitsFormat expected) => Assert.Equal(expected, LogitsFormats.Sniff(Encoding.Latin1.GetBytes(start)));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("PK\u0003\u0004", "unknown-format")]
    [InlineData("\u0093NUMP", "unknown-format")]
    [InlineData("1,2,3", "unknown-format")]
    [InlineData("\u0002\u0000\u0000\u0000\u0000\u0001\u0000\u0000{}", "unknown-format")]
    [InlineData("   ", "unknown-format")]
    public void Sniff_OfAnythingElse_SaysWhatIsRead(string start, string code)
    {
        var error = Assert.Throws<MalformedDataException>(() => LogitsFormats.Sniff(Encoding.Latin1.GetBytes(start)));
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public void Formats_AreToldApartByMediaTypeAndName()
    {
        foreach (var format in Enum.GetValues<LogitsFormat>())
        {
            Assert.Equal(format, LogitsFormats.OfMediaType(format.MediaType().ToUpperInvariant()));
            Assert.Equal(format, LogitsFormats.OfFileName("A" + format.Extension().ToUpperInvariant()));
        }
        Assert.Null(LogitsFormats.OfMediaType(LogitsFormats.AnyMediaType));
        Assert.Null(LogitsFormats.OfFileName("base.bin"));
        Assert.Equal(5, LogitsFormats.MediaTypes.Count);
    }
}
