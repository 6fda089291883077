using KlApi.Jobs;
using KlCore.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace KlApi.Tests.Jobs;

public sealed class TrainingLoopTests
{
    private const string Fit =
        """
        { "kind": "density-fit", "seed": 1, "steps": 20, "model": { "family": "normal" }, "objective": { "name": "forward-kl" },
          "target": { "family": "normal", "mean": 0, "standardDeviation": 1 }, "optimizer": { "name": "adam", "learningRate": 0.05 } }
        """;

    [Fact]
    public async Task Checkpoint_ThatIsDamaged_IsAnInternalErrorAndNotTheClientsFault()
    {
        var row = new JobRow { Id = "a", Kind = "density-fit", State = "running", Specification = Fit };
        var loop = new TrainingLoop(new Claim(row, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 5), new NoData());
        loop.Start();
        var exception = await Record.ExceptionAsync(() => loop.End);
        Assert.NotNull(exception);
        var error = JobFailures.Describe(exception, row.Id, NullLogger.Instance);
        Assert.Equal("internal-error", error.Code);
        Assert.Null(error.Errors);
    }

    private sealed class NoData : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => [];

        public void Check(DatasetColumns columns, KlCore.Problems problems)
        {
        }
    }
}
