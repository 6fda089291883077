namespace KlCore.Training.DensityFit;

/// <summary>Points drawn from an unknown distribution.</summary>
public sealed record SampleTarget : FitTarget
{
    /// <summary>The points: plain numbers, or rows of numbers; 2 to 1,000,000 of them.</summary>
    public required Points Samples { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        var before = problems.Total;
        StandardTarget.CheckSamples(Samples, problems.At("samples"));
        if (problems.Total == before) CheckCoordinates(() => StandardTarget.MomentsOf(Samples), problems.At("samples"));
    }

    internal override int? Dimension() => Samples.Dimension;

    internal override double Work() => KernelDensity.WorkOf(Samples.Count, Samples.Dimension);

    internal override StandardTarget Prepare(ITrainingInputs inputs) => StandardTarget.Of(Samples);
}
