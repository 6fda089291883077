using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Training;
using KlCore.Training.DensityFit;

namespace KlCore.Tests.Training.DensityFit;

/// <summary>Specifications as clients write them, and runs of them.</summary>
internal static class Fits
{
    public const string TwoModes = """{ "family": "gaussian-mixture", "weights": [0.5, 0.5], "means": [-3, 3], "standardDeviations": [1, 1] }""";

    public const string Example = $$"""
        { "kind": "density-fit", "seed": 1,
          "target": {{TwoModes}},
          "model": { "family": "normal" },
          "objective": { "name": "forward-kl" },
          "optimizer": { "name": "adam", "learningRate": 0.05 }, "steps": 2000 }
        """;

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static TrainingSpecification Read(string json)
    {
        var specification = JsonSerializer.Deserialize<TrainingSpecification>(json, Json)!;
        var problems = new Problems();
        specification.Check(problems);
        problems.ThrowIfAny();
        return specification;
    }

    /// <summary>A specification with the given target, model and objective; more fields may follow.</summary>
    public static TrainingSpecification Read(string target, string model, string objective, long seed = 1, string more = "\"steps\": 2000") =>
        Read($$"""{ "kind": "density-fit", "seed": {{seed}}, "target": {{target}}, "model": {{model}}, "objective": {{objective}}, {{more}} }""");

    public static DensityFitResult Run(TrainingSpecification specification, ITrainingInputs? inputs = null)
    {
        var run = specification.Start(inputs ?? NoInputs.Instance);
        while (!run.IsComplete) run.Step();
        return (DensityFitResult)run.Finish().Result;
    }

    public static string[] Problems(string json)
    {
        var problems = new Problems();
        JsonSerializer.Deserialize<TrainingSpecification>(json, Json)!.Check(problems);
        return [.. problems.ByPointer().Keys];
    }

    internal sealed class NoInputs : ITrainingInputs
    {
        public static readonly NoInputs Instance = new();

        public double[][] Rows(DatasetColumns columns) => throw new InvalidOperationException("No dataset is expected here.");
    }
}
