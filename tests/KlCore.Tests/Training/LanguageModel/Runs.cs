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
        new UnsmoothedNGrams(), new AdditiveNGrams { Alpha = 0.01 }, new JelinekMercerNGrams(), new JelinekMercerNGrams { Lambda = 0.3 }, new DirichletNGrams(), new DirichletNGrams { Mu = 5 },
        new AbsoluteDiscountNGrams(), new AbsoluteDiscountNGrams { Delta = 0.7 }, new WittenBellNGrams(), new GoodTuringNGrams(), new KneserNeyNGrams(), new KneserNeyNGrams { Delta = 0.4 }, new ModifiedKneserNeyNGrams(),
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
