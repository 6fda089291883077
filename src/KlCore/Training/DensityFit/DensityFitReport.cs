using System.Text.Json;
using KlCore.Distributions;
using KlCore.Formats;

namespace KlCore.Training.DensityFit;

/// <summary>Turns a finished fit into its result and its files.</summary>
internal static class DensityFitReport
{
    private const int MaximumScatter = 400;

    public static TrainingOutcome Write(DensityFitSpecification specification, StandardTarget target, MixtureDensity model)
    {
        var fitted = target.Coordinates.FromStandard(model);
        var modes = ModeSearch.Measure(target.Density, model, specification.Seed);
        var behaviour = ModeSearch.Judge(modes);
        var distribution = specification.Model.ToDistribution(fitted);
        var (forward, reverse) = target.Family is { } family ? Evaluation.Measure(family, distribution, specification.Seed) : Evaluation.Measure(target, model, specification.Seed);
        var result = new DensityFitResult(
            distribution,
            forward,
            reverse,
            CurveDrawing.Draw(target, model),
            behaviour,
            Advice.Give(behaviour, modes, forward, reverse),
            [.. modes.Select(mode => mode with { Location = target.Coordinates.FromStandard(mode.Location) })],
            model.Dimension == 2 ? CurveDrawing.Scatter(target, MaximumScatter, specification.Seed) : null);
        var report = ReportJson.Report(result);
        return new TrainingOutcome(result,
        [
            new Artifact("model.safetensors", "application/octet-stream", Save(distribution, fitted)),
            report,
        ])
        {
            Scores = Scores(specification.Objective, forward, reverse),
            Traits = modes.Count < 2 ? [] : [new Trait("behaviour", JsonNamingPolicy.KebabCaseLower.ConvertName(behaviour.ToString()))],
            Overlay = DensityFitCharts.Overlay(report.Content, specification.Target.CoordinateNames()),
        };
    }

    // First the direction that was made small, if it was one of the two.
    private static Score[] Scores(Objective objective, Measurement forward, Measurement reverse)
    {
        var (first, second) = (new Score("forward", forward.Value), new Score("reverse", reverse.Value));
        return objective is ReverseKl ? [second, first] : [first, second];
    }

    private static byte[] Save(Distribution distribution, MixtureDensity fitted)
    {
        var (count, d) = (fitted.Components, fitted.Dimension);
        var mixture = distribution.ToGaussianMixture()!;
        var covariances = new double[count * d * d];
        for (var i = 0; i < covariances.Length; i++) covariances[i] = mixture.Covariance(i / (d * d), i / d % d, i % d);
        return SafeTensors.Write(
            [new Tensor("weights", mixture.Weights), new Tensor("means", [count, d], fitted.Means), new Tensor("covariances", [count, d, d], covariances)],
            new Dictionary<string, string> { ["format"] = "gaussian-mixture" });
    }
}
