using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace KlCore;

/// <summary>
/// Checks the <see cref="RangeAttribute"/> bounds that a record states on its own parameters. The same attributes are read by the
/// catalogue and by the OpenAPI document, so a bound is written once.
/// </summary>
public static class Bounds
{
    private static readonly ConcurrentDictionary<Type, Bounded[]> Known = new();

    /// <summary>Adds every number of <paramref name="record"/> that lies outside its stated bounds, NaN included.</summary>
    public static void Check(object record, Problems problems)
    {
        foreach (var (property, name, range) in Known.GetOrAdd(record.GetType(), Find))
        {
            if (property.GetValue(record) is not { } value) continue;
            var number = Convert.ToDouble(value);
            if (Holds(range, number)) continue;
            // The bounds of a number that may be as large as it likes do not say that it must be one.
            var finite = !double.IsFinite(number) && Limits(range).Maximum == double.MaxValue && Limits(range).Minimum > double.MinValue ? "finite and " : "";
            problems.Add(name, $"must be {finite}{Describe(range)}, was {number:R}");
        }
    }

    /// <summary>The bounds in words: "at least 0", "greater than 0 and less than 1".</summary>
    public static string Describe(RangeAttribute range)
    {
        var (minimum, maximum) = Limits(range);
        var low = range.MinimumIsExclusive ? $"greater than {minimum:R}" : $"at least {minimum:R}";
        var high = range.MaximumIsExclusive ? $"less than {maximum:R}" : $"at most {maximum:R}";
        if (double.IsNegativeInfinity(minimum) || minimum == double.MinValue)
            return double.IsPositiveInfinity(maximum) || maximum == double.MaxValue ? "finite" : high;
        return double.IsPositiveInfinity(maximum) || maximum == double.MaxValue ? low : $"{low} and {high}";
    }

    private static (double Minimum, double Maximum) Limits(RangeAttribute range) =>
        (Convert.ToDouble(range.Minimum), Convert.ToDouble(range.Maximum));

    private static bool Holds(RangeAttribute range, double value)
    {
        var (minimum, maximum) = Limits(range);
        var low = range.MinimumIsExclusive ? value > minimum : value >= minimum;
        var high = range.MaximumIsExclusive ? value < maximum : value <= maximum;
        return low && high;
    }

    private static Bounded[] Find(Type type) =>
    [
        .. from property in type.GetProperties()
           let range = property.GetCustomAttribute<RangeAttribute>()
           where range is not null
           select new Bounded(property, JsonNamingPolicy.CamelCase.ConvertName(property.Name), range),
    ];

    private sealed record Bounded(PropertyInfo Property, string Name, RangeAttribute Range);
}
