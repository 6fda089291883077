using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KlCore.Charts;
using KlCore.Formats;
using KlCore.Numerics;
using KlCore.Tests.Training.DensityFit;
using KlCore.Training;

namespace KlCore.Tests.Training.Experiments;

/// <summary>
/// A kind of training whose outcome is known: its error is (log10 rate + 2)² + 1 / steps + a hundredth of a normal draw that the seed decides, plus 1 under
/// the objective "poor". Other objectives fail in their own ways. Its state is a sum that a wrong resumption would change.
/// </summary>
internal sealed record ToySpecification : TrainingSpecification
{
    [Range(1, 10_000)]
    public int Steps { get; init; } = 12;

    [Range(0, 100, MinimumIsExclusive = true)]
    public double Rate { get; init; } = 0.1;

    [Range(1, 64)]
    public int Units { get; init; } = 4;

    public string Objective { get; init; } = "good";

    internal override string ObjectiveMember => "/objective";

    internal override Budget Length => new("/steps", Steps);

    public override TrainingRun Start(ITrainingInputs inputs) =>
        Objective == "unstartable" ? throw new InvalidInputException("objective", "must be one that can be started") : new Run(this);

    public override IReadOnlyList<string> ChartNames() => [];

    public override Chart? Draw(string name, IReadOnlyDictionary<string, MetricHistory> history, ReadOnlyMemory<byte>? result) => null;

    public double Noise() => 0.01 * new RandomStream(Seed, 0, "toy").NextNormal();

    /// <summary>The error that a run ends with.</summary>
    public double Error() => Math.Pow(Math.Log10(Rate) + 2, 2) + 1.0 / Steps + Noise() + (Objective == "poor" ? 1 : 0);

    /// <summary>How every experiment on toys reads and starts them.</summary>
    internal sealed class Inputs : ITrainingInputs
    {
        public static readonly Inputs Instance = new();

        public static JsonSerializerOptions Json { get; } = new(Fits.Json)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver
            {
                Modifiers =
                {
                    static info =>
                    {
                        if (info.Type == typeof(TrainingSpecification)) info.PolymorphismOptions!.DerivedTypes.Add(new JsonDerivedType(typeof(ToySpecification), "toy"));
                    },
                },
            },
        };

        public double[][] Rows(DatasetColumns columns) => throw new InvalidOperationException("No dataset is expected here.");

        public TrainingSpecification Read(ReadOnlyMemory<byte> json)
        {
            try
            {
                var specification = JsonSerializer.Deserialize<TrainingSpecification>(json.Span, Json)!;
                var problems = new Problems();
                specification.Check(problems);
                problems.ThrowIfAny();
                return specification;
            }
            catch (JsonException failure)
            {
                throw new InvalidInputException(failure.Path?.Split('.')[^1] ?? "", failure.Message);
            }
        }
    }

    private sealed class Run(ToySpecification specification) : TrainingRun
    {
        private long _steps;
        private double _sum;

        public override long TotalSteps => specification.Steps;

        public override long CompletedSteps => _steps;

        // One objective has enough of it before the end.
        public override bool IsComplete => base.IsComplete || specification.Objective == "early" && _steps >= 5;

        public override IReadOnlyList<KeyValuePair<string, double>> Step()
        {
            if (specification.Objective == "diverging" && _steps == 4) throw new TrainingDivergedException(_steps, _sum);
            _steps++;
            _sum += new RandomStream(specification.Seed, _steps, "toy step").NextUniform();
            return [new("loss", specification.Objective == "nan" ? double.NaN : _sum)];
        }

        public override byte[] Save() => SafeTensors.Write([new Tensor("steps", _steps), new Tensor("sum", _sum)]);

        public override void Restore(ReadOnlyMemory<byte> state)
        {
            var tensors = SafeTensors.Read(state);
            (_steps, _sum) = ((long)tensors["steps"].Values[0], tensors["sum"].Values[0]);
        }

        public override TrainingOutcome Finish() => new(new { _sum }, [])
        {
            Scores = specification.Objective == "infinite" ? [new Score("error", double.PositiveInfinity)] : [new Score("error", specification.Error()), new Score("sum", _sum, LargerIsBetter: true)],
            Traits = [new Trait("mood", specification.Objective)],
        };
    }
}

/// <summary>Experiments as clients write them, and runs of them.</summary>
internal static class Experiment
{
    public static TrainingSpecification Read(string json)
    {
        var inputs = ToySpecification.Inputs.Instance;
        var specification = inputs.Read(System.Text.Encoding.UTF8.GetBytes(json));
        var problems = new Problems();
        specification.CheckInputs(inputs, problems);
        problems.ThrowIfAny();
        return specification;
    }

    public static TrainingRun Start(string json) => Read(json).Start(ToySpecification.Inputs.Instance);

    public static T Run<T>(string json)
    {
        using var run = Start(json);
        while (!run.IsComplete) run.Step();
        return (T)run.Finish().Result;
    }

    /// <summary>The result as the service would store it.</summary>
    public static string Finish(TrainingRun run)
    {
        while (!run.IsComplete) run.Step();
        return System.Text.Encoding.UTF8.GetString(run.Finish().Artifacts.Single(artifact => artifact.Name == "report.json").Content.Span);
    }

    /// <summary>The pointers of all that is wrong.</summary>
    public static string[] Problems(string json)
    {
        try
        {
            Read(json);
            return [];
        }
        catch (InvalidInputException invalid)
        {
            return [.. invalid.Problems.ByPointer().Keys];
        }
    }

    /// <summary>Interrupts at every step, also between runs, and compares with what was not interrupted: metrics, states, result.</summary>
    public static void AssertResumes(string json)
    {
        var whole = Start(json);
        var (states, told) = (new List<byte[]> { whole.Save() }, new List<string>());
        while (!whole.IsComplete)
        {
            var before = whole.CompletedSteps;
            told.Add(string.Join(' ', whole.Step().Select(metric => $"{metric.Key}={metric.Value:R}")));
            states.Add(whole.Save());
            Assert.True(whole.CompletedSteps > before);
        }

        Assert.Equal(whole.TotalSteps, whole.CompletedSteps);
        var result = Finish(whole);
        for (var cut = 0; cut < states.Count; cut++)
        {
            using var resumed = Start(json);
            resumed.Restore(states[cut]);
            Assert.Equal(states[cut], resumed.Save());
            for (var i = cut; i < told.Count; i++)
            {
                Assert.Equal(told[i], string.Join(' ', resumed.Step().Select(metric => $"{metric.Key}={metric.Value:R}")));
                // Every run once more is enough; the rest are compared by their result.
                if (i > cut + 15) break;
            }

            Assert.Equal(result, Finish(resumed));
        }
    }
}
