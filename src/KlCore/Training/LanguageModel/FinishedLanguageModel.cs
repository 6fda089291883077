using KlCore.Formats;
using KlCore.Training.LanguageModel.Tokens;

namespace KlCore.Training.LanguageModel;

/// <summary>The model of an earlier job, ready to be used.</summary>
public sealed class FinishedLanguageModel
{
    /// <summary>The name of the file with the model's tensors.</summary>
    internal const string FileName = "model.safetensors";

    private const int MaximumTokens = 4096;

    /// <summary>What is wrong with a job's id where there is no such model.</summary>
    internal const string Gone = "must be the id of a language model's job that succeeded and still has its files, there is none with this id";

    private FinishedLanguageModel(Tokenizer tokenizer, TokenModel model) => (Tokenizer, Model) = (tokenizer, model);

    /// <summary>What cuts its text.</summary>
    internal Tokenizer Tokenizer { get; }

    /// <summary>What it says of the next token.</summary>
    internal TokenModel Model { get; }

    /// <summary>Makes the model of a job again; null if the job was of another kind, or its files are gone.</summary>
    public static FinishedLanguageModel? Of(FinishedTraining training)
    {
        if (training.Specification is not LanguageModelSpecification specification) return null;
        if (training.Artifact(Tokenizer.FileName) is not { } tokens || training.Artifact(FileName) is not { } tensors) return null;
        var tokenizer = Tokenizer.Read(tokens);
        return new FinishedLanguageModel(tokenizer, specification.Model.Load(SafeTensors.Read(tensors), tokenizer.Vocabulary));
    }

    /// <summary>Draws texts.</summary>
    /// <param name="how">Which.</param>
    /// <param name="listed">Of how many of the likeliest tokens each position tells the probability.</param>
    /// <param name="cancellation">Looked at before each token.</param>
    /// <exception cref="TooCostlyException">They are too many tokens for one call.</exception>
    public IReadOnlyList<GeneratedText> Generate(Generation how, int listed, CancellationToken cancellation)
    {
        if ((long)how.Count * how.MaximumTokens > MaximumTokens)
            throw new TooCostlyException($"At most {MaximumTokens} tokens can be drawn at once, {how.Count} texts of {how.MaximumTokens} were asked for. A language-model job draws more: its samples.");
        return [.. Enumerable.Range(0, how.Count).Select(number => GeneratedText.Draw(new TextDrawing(Model, Tokenizer, how, number), Tokenizer, number, listed, cancellation))];
    }

    /// <summary>The model of a job; null if there is none.</summary>
    internal static FinishedLanguageModel? Find(string job, ITrainingInputs inputs) => inputs.FindTraining(job) is { } training ? Of(training) : null;

    /// <summary>Says at submission what keeps a model from being the teacher of another.</summary>
    internal static void CheckTeacher(LanguageModelSpecification student, ITrainingInputs inputs, Problems problems)
    {
        var at = problems.At("objective").At("teacher");
        if (inputs.FindTraining(((Distilled)student.Objective).Teacher)?.Specification is not { } specification) at.Add(Gone);
        else if (specification is not LanguageModelSpecification teacher) at.Add("must be a language model's job, it is of another kind");
        else if (teacher.Tokens != student.Tokens) problems.Add("tokens", "must be those of the teacher's job, of the same kind and vocabulary");
    }
}
