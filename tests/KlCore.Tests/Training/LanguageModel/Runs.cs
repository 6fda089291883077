using KlCore.Training;
using KlCore.Training.LanguageModel;
using KlCore.Training.LanguageModel.NGrams.Smoothings;

namespace KlCore.Tests.Training.LanguageModel;

/// <summary>Runs language models to their end.</summary>
internal static class Runs
{
    public static readonly ITrainingInputs Nothing = new NoInputs();

    public static NGramSmoothing[] Smoothings { get; } =
    [
        new NoSmoothing(), new AdditiveSmoothing { Alpha = 0.01 }, new JelinekMercer(), new JelinekMercer { Lambda = 0.3 }, new DirichletSmoothing(), new DirichletSmoothing { Mu = 5 },
        new AbsoluteDiscount(), new AbsoluteDiscount { Delta = 0.7 }, new WittenBell(), new GoodTuring(), new KneserNey(), new KneserNey { Delta = 0.4 }, new ModifiedKneserNey(),
    ];

    public static TrainingOutcome Run(LanguageModelSpecification specification, ITrainingInputs? inputs = null)
    {
        var problems = new Problems();
        specification.Check(problems);
        problems.ThrowIfAny();
        using var run = specification.Start(inputs ?? Nothing);
        while (!run.IsComplete) run.Step();
        return run.Finish();
    }

    public static LanguageModelResult Result(LanguageModelSpecification specification) => (LanguageModelResult)Run(specification).Result;

    private sealed class NoInputs : ITrainingInputs
    {
        public double[][] Rows(DatasetColumns columns) => throw new InvalidInputException("dataset", "There are no datasets.");
    }
}
