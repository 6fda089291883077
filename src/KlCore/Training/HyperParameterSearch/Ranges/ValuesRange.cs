using System.Text.Json;
using KlCore.Numerics;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>The listed values, whatever they are: numbers, words, whole objects such as an optimizer.</summary>
public sealed record ValuesRange : SearchRange
{
    private const int Most = 1000;

    /// <summary>The values, all different.</summary>
    public required IReadOnlyList<JsonElement> Values { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        if (Values.Count is < 1 or > Most) problems.Add("values", $"must be from 1 to {Most} values, were {Values.Count}");
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(Values.Count, Most); i++)
            if (!known.Add(Values[i].GetRawText())) problems.At("values").At(i).Add("must be another value than those before it");
    }

    internal override RangeValue Draw(RandomStream random) => At(random.NextIndex(Values.Count));

    internal override IReadOnlyList<RangeValue> Grid() => [.. Enumerable.Range(0, Values.Count).Select(At)];

    private RangeValue At(int index) => new(Values[index], "values", $"{index}");
}
