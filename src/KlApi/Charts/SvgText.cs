using System.Globalization;
using System.Text;

namespace KlApi.Charts;

/// <summary>The text of an SVG document as it grows: numbers short and culture-free, all foreign text escaped.</summary>
internal sealed class SvgText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup. Foreign text in it must have been through <see cref="Escape"/>.</summary>
    public void Line(string markup) => _text.Append(markup).Append('\n');

    /// <summary>Adds a text element with its <paramref name="content"/> escaped.</summary>
    public void Text(double x, double y, string content, string attributes) =>
        Line($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" {attributes}>{Escape(content)}</text>");

    /// <summary>A coordinate to the hundredth of a pixel, without superfluous zeros.</summary>
    public static string Number(double value)
    {
        var rounded = Math.Round(value, 2);
        return rounded == 0 ? "0" : rounded.ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// <paramref name="text"/> as XML 1.0 character data, also inside quotes. What XML cannot hold at all (control characters, lone surrogates) becomes U+FFFD.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '"': escaped.Append("&quot;"); break;
                case '\'': escaped.Append("&#39;"); break;
                case '\t' or '\n' or '\r': escaped.Append(' '); break;
                case < 0x20 or 0xFFFE or 0xFFFF: escaped.Append('\uFFFD'); break;
                default: escaped.Append(rune.ToString()); break;
            }
        }

        return escaped.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
