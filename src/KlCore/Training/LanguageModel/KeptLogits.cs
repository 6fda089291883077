using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Training.LanguageModel;

/// <summary>Which of a model's rows are to be kept.</summary>
public sealed record KeptLogits : IChecked
{
    private const long MaximumNumbers = 1 << 26;

    /// <summary>The name of the baseline that they become, unless there is one of this name; without it they are only a file of the job.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Baseline { get; init; }

    /// <summary>How many positions, from the start of the held-out part on; fewer where it is shorter.</summary>
    [Range(1, 100_000)]
    public int Rows { get; init; } = 512;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        if (Baseline is not null && !LogitsFacts.IsName(Baseline)) problems.Add("baseline", LogitsFacts.NameRule);
    }

    /// <summary>Adds a problem where the rows would take too much memory.</summary>
    internal void CheckSize(int vocabulary, Problems problems)
    {
        if ((long)Rows * vocabulary > MaximumNumbers) problems.Add("rows", $"must be at most {MaximumNumbers / vocabulary} for {vocabulary} tokens, was {Rows}");
    }
}
