using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Numerics;

namespace KlCore.Training.HyperParameterSearch;

/// <summary>
/// The values that a search tries for one member: a list, <c>{"values": [16, 32, 64]}</c>, or an interval, <c>{"logUniform": [1e-4, 0.1]}</c>. The field that is
/// there says which.
/// </summary>
[JsonConverter(typeof(SearchRangeConverter))]
[Shape("values", typeof(ValuesRange))]
[Shape("uniform", typeof(UniformRange))]
[Shape("logUniform", typeof(LogUniformRange))]
[Shape("integer", typeof(IntegerRange))]
[Shape("logInteger", typeof(LogIntegerRange))]
public abstract record SearchRange : IChecked
{
    /// <inheritdoc/>
    public abstract void Check(Problems problems);

    /// <summary>Whether its values are spread evenly over their logarithms.</summary>
    internal virtual bool IsLogarithmic => false;

    /// <summary>A value drawn evenly.</summary>
    internal abstract RangeValue Draw(RandomStream random);

    /// <summary>The values that a grid takes.</summary>
    internal abstract IReadOnlyList<RangeValue> Grid();

    /// <summary>Those that must be legal for all to be: every listed one, both ends of an interval.</summary>
    internal virtual IEnumerable<RangeValue> Corners() => Grid();

    /// <summary>Whether the value is as good as at an end of an interval, so that better ones may lie beyond; null where there are no ends.</summary>
    internal virtual bool? IsAtEnd(JsonElement value) => null;
}

/// <summary>A value of a range.</summary>
/// <param name="Value">The value.</param>
/// <param name="Steps">Where in the range's document it stands: "values", "2".</param>
internal sealed record RangeValue(JsonElement Value, params string[] Steps)
{
    /// <summary>The same place seen from where problems of the range are collected.</summary>
    public Problems From(Problems range) => Steps.Aggregate(range, (problems, step) => problems.At(step));
}

/// <summary>Tells the shapes of a <see cref="SearchRange"/> apart by the field that each must have.</summary>
internal sealed class SearchRangeConverter : ShapeConverter<SearchRange>;
