using System.Text.Json.Serialization;

namespace KlCore.Training.DensityFit;

/// <summary>The rows of a stored dataset.</summary>
public sealed record DatasetTarget : FitTarget
{
    /// <summary>The dataset's id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The one column to fit to; or <c>columns</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; init; }

    /// <summary>The columns that make a point, by name; all numeric ones if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Columns { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems) => DatasetColumns.CheckChoice(Dataset, Column, Columns, problems);

    internal override int? Dimension() => Chosen()?.Length;

    internal override double Work() => 0;

    internal override IReadOnlyList<string>? CoordinateNames() => Chosen();

    internal override DatasetColumns? Source() => new(Dataset, Chosen())
    {
        Member = "target",
        IsSingle = Column is not null,
        MaximumRows = StandardTarget.MaximumSamples,
        MaximumNumbers = StandardTarget.MaximumCoordinates,
    };

    internal override StandardTarget Prepare(ITrainingInputs inputs)
    {
        var points = new Points(inputs.Rows(Source()!));
        var problems = new Problems();
        StandardTarget.CheckSamples(points, problems.At("target"));
        problems.ThrowIfAny();
        return StandardTarget.Of(points);
    }

    private string[]? Chosen() => Column is null ? Columns : [Column];
}
