using System.Text.Json.Serialization;

namespace KlCore.Training;

/// <summary>A kind of job whose trained model can be asked about new inputs: its specification implements this.</summary>
public interface IPredictor
{
    /// <summary>What the model answers.</summary>
    /// <param name="request">What it is asked.</param>
    /// <param name="training">The finished job, whose specification this is.</param>
    /// <param name="inputs">Where datasets are read.</param>
    /// <returns>A record; it is written as JSON with its own type's properties.</returns>
    /// <exception cref="InvalidInputException">The request has not the fields or the shape that the model takes.</exception>
    /// <exception cref="TooCostlyException">It would take too long.</exception>
    object Predict(PredictionRequest request, FinishedTraining training, ITrainingInputs inputs);
}

/// <summary>What a trained model is asked: rows of numbers, here or in a stored dataset, or documents, for kinds that read text.</summary>
public sealed record PredictionRequest : IChecked
{
    /// <summary>A row of numbers for each question; plain numbers are rows of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Points? Inputs { get; init; }

    /// <summary>A text for each question.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Documents { get; init; }

    /// <summary>The id of a dataset whose rows are the questions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Dataset { get; init; }

    /// <summary>The dataset's columns to read, by name; those that the training read if not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Columns { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        var given = new[] { (Name: "inputs", IsGiven: Inputs is not null), (Name: "documents", IsGiven: Documents is not null), (Name: "dataset", IsGiven: Dataset is not null) }
            .Where(field => field.IsGiven).Select(field => field.Name).ToList();
        if (given.Count != 1) problems.Add($"must have one of the fields inputs, documents and dataset, had {(given.Count == 0 ? "none" : string.Join(" and ", given))}");
        Inputs?.Check(problems.At("inputs"));
        if (Columns is not null && Dataset is null) problems.Add("columns", "must be given with a dataset only");
        if (Columns is { Count: 0 }) problems.Add("columns", "must name at least 1 column, named none");
    }
}
