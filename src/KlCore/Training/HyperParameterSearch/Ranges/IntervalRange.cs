using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>All numbers, or all whole numbers, from one to another, spread evenly over themselves or over their logarithms.</summary>
public abstract record IntervalRange : SearchRange
{
    // Within this share of the whole, a value is as good as at the end.
    private const double EndShare = 0.05;
    private const double Largest = 9007199254740991;

    /// <summary>How many values a grid takes, the ends among them; of whole numbers no more than there are.</summary>
    [Range(2, 100)]
    public int Points { get; init; } = 5;

    private protected abstract string Field { get; }

    private protected abstract IReadOnlyList<double> Limits { get; }

    private protected virtual bool IsWhole => false;

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        var at = problems.At(Field);
        if (Limits.Count != 2) at.Add($"must be the smallest and the largest value, had {Limits.Count} numbers");
        for (var i = 0; i < Math.Min(2, Limits.Count); i++)
        {
            if (!double.IsFinite(Limits[i])) at.At(i).Add($"must be finite, was {Limits[i]}");
            else if (IsWhole && Math.Abs(Limits[i]) > Largest) at.At(i).Add($"must be at most {Largest} in size, was {Limits[i]:R}");
            else if (IsLogarithmic && Limits[i] <= 0) at.At(i).Add($"must be greater than 0 to have a logarithm, was {Limits[i]:R}");
        }

        if (Limits.Count == 2 && Limits[0] >= Limits[1]) at.At(1).Add($"must be greater than the smallest value {Limits[0]:R}, was {Limits[1]:R}");
    }

    internal override RangeValue Draw(RandomStream random)
    {
        var u = random.NextUniform();
        // Every whole number is as likely as the next.
        if (IsWhole && !IsLogarithmic) return Value(Math.Floor(Limits[0] + u * (Limits[1] - Limits[0] + 1)));
        return Value(At(u));
    }

    internal override IReadOnlyList<RangeValue> Grid() =>
        [.. Enumerable.Range(0, Points).Select(i => Value(At(i / (Points - 1.0)))).DistinctBy(value => value.Value.GetRawText())];

    internal override IEnumerable<RangeValue> Corners() => [new(Number(Limits[0]), Field, "0"), new(Number(Limits[1]), Field, "1")];

    internal override bool? IsAtEnd(JsonElement value)
    {
        var (low, high, x) = IsLogarithmic ? (Math.Log(Limits[0]), Math.Log(Limits[1]), Math.Log(value.GetDouble())) : (Limits[0], Limits[1], value.GetDouble());
        return (x - low) / (high - low) is < EndShare or > 1 - EndShare;
    }

    private double At(double share)
    {
        var (low, high) = (Limits[0], Limits[1]);
        return IsLogarithmic ? Math.Exp(Math.Log(low) * (1 - share) + Math.Log(high) * share) : low * (1 - share) + high * share;
    }

    // Six digits: enough to matter, few enough to be read and typed again.
    private RangeValue Value(double number)
    {
        var readable = IsWhole ? Math.Round(number) : double.Parse(number.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return new RangeValue(Number(Math.Clamp(readable, Limits[0], Limits[1])));
    }

    private JsonElement Number(double value) => IsWhole ? JsonSerializer.SerializeToElement((long)value) : JsonSerializer.SerializeToElement(value);
}
