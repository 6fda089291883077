using KlCore;
using KlCore.Drift;
using KlCore.Training;

namespace KlApi.Drift;

/// <summary>Two tables, and how to compare their columns.</summary>
public sealed record DriftRequest : DriftOptions
{
    /// <summary>The table that is taken as given: p.</summary>
    public required TableInput Reference { get; init; }

    /// <summary>The table that is compared with it: q.</summary>
    public required TableInput Current { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        Reference.Check(problems.At("reference"));
        Current.Check(problems.At("current"));
    }

    /// <summary>Both tables, read and checked, the reference as it is compared.</summary>
    internal (IReadOnlyList<ReferenceColumn> Reference, IReadOnlyList<ColumnSample> Current) Read(ITrainingInputs inputs, long mostCells)
    {
        var problems = new Problems();
        var reference = Reference.Read(inputs, mostCells, problems.At("reference"));
        var current = Current.Read(inputs, mostCells, problems.At("current"));
        problems.ThrowIfAny();
        var profiles = DriftAnalysis.Profile(reference, this, isWhole: true, problems);
        problems.ThrowIfAny();
        return (profiles, current);
    }
}
