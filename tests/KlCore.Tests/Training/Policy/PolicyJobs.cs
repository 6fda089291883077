using KlCore.Training;
using KlCore.Training.Policy;
using Fits = KlCore.Tests.Training.DensityFit.Fits;

namespace KlCore.Tests.Training.Policy;

/// <summary>Specifications as clients write them, and runs of them.</summary>
internal static class PolicyJobs
{
    public const string Bandit = """{ "name": "bandit", "rewards": [1, 0.5, 0, 2], "reference": [0.4, 0.3, 0.2, 0.1] }""";

    public const string Sequence = """{ "name": "sequence", "length": 4, "vocabulary": 3, "tokenRewards": [0.2, 0, -0.1], "pattern": [1, 2], "patternReward": 1, "reference": [0.5, 0.3, 0.2] }""";

    public static string Json(string environment, string penalty, string more = "\"steps\": 2000") =>
        $$"""{ "kind": "policy", "environment": {{environment}}, "penalty": {{penalty}}, {{more}} }""";

    public static PolicyResult Result(string environment, string penalty, string more = "\"steps\": 2000, \"frontier\": []")
    {
        var run = Start(Json(environment, penalty, more));
        while (!run.IsComplete) run.Step();
        return (PolicyResult)run.Finish().Result;
    }

    public static TrainingRun Start(string json) => Fits.Read(json).Start(Fits.NoInputs.Instance);
}
