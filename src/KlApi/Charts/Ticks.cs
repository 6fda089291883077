using System.Globalization;

namespace KlApi.Charts;

/// <summary>A place on an axis that has a label.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Finds round places for labels: steps of 1, 2 or 5 times a power of ten; whole decades on a logarithmic axis.</summary>
internal static class Ticks
{
    /// <summary>About <paramref name="count"/> ticks inside the extent.</summary>
    public static IReadOnlyList<Tick> Of(Extent extent, bool logarithmic, int count)
    {
        if (!logarithmic) return Linear(extent, count);
        var decades = Math.Log10(extent.Maximum) - Math.Log10(extent.Minimum);
        return decades switch
        {
            < 0.6 => Linear(extent, count),
            < 2.5 => Logarithmic(extent, 1, [1, 2, 5]),
            _ => Logarithmic(extent, (int)Math.Ceiling(decades / count), [1]),
        };
    }

    /// <summary>The number as short as it can be while telling places <paramref name="step"/> apart: 0.25, 1500, 2e-7, 3.5e12.</summary>
    public static string Label(double value, double step)
    {
        if (value == 0) return "0";
        var magnitude = Math.Abs(value);
        var digits = Math.Clamp(Exponent(magnitude) - Exponent(step), 0, 14);
        if (magnitude is >= 1e-4 and < 1e6)
            return Math.Round(value, Math.Clamp(-Exponent(step), 0, 15)).ToString("0.###############", CultureInfo.InvariantCulture);
        return value.ToString("0." + new string('#', digits) + "e0", CultureInfo.InvariantCulture);
    }

    private static List<Tick> Linear(Extent extent, int count)
    {
        var step = Step((extent.Maximum / count) - (extent.Minimum / count));
        // The hair's breadth keeps a tick at an end that division puts just outside.
        var (first, last) = (Math.Ceiling((extent.Minimum / step) - 1e-9), Math.Floor((extent.Maximum / step) + 1e-9));
        var ticks = new List<Tick>();
        for (var i = 0; i <= Math.Min(last - first, 3 * count); i++)
        {
            var value = Math.Clamp((first + i) * step, extent.Minimum, extent.Maximum);
            if (double.IsFinite(value)) ticks.Add(new(value, Label(value, step)));
        }

        return ticks;
    }

    private static List<Tick> Logarithmic(Extent extent, int stride, ReadOnlySpan<int> multiples)
    {
        var ticks = new List<Tick>();
        var (first, last) = ((int)Math.Floor(Math.Log10(extent.Minimum)), (int)Math.Ceiling(Math.Log10(extent.Maximum)));
        for (var exponent = first; exponent <= last; exponent++)
        {
            if (exponent % stride != 0) continue;
            foreach (var multiple in multiples)
            {
                // Parsed, because Math.Pow(10, -5) is not the double that is written 1e-5.
                var value = double.Parse($"{multiple}e{exponent}", CultureInfo.InvariantCulture);
                if (value >= extent.Minimum && value <= extent.Maximum && double.IsFinite(value)) ticks.Add(new(value, Label(value, value)));
            }
        }

        return ticks;
    }

    private static double Step(double rough)
    {
        // A range of subnormals has no round step that a double could hold.
        if (rough < 1e-300) return Math.Max(rough, double.Epsilon);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { < 1.5 => power, < 3 => 2 * power, < 7 => 5 * power, _ => 10 * power };
    }

    private static int Exponent(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
}
