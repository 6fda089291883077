using System.Text.Json.Serialization;

namespace KlCore.Training;

/// <summary>A column of text of a stored dataset, as a specification names it: <c>{ "dataset": "id", "column": "text" }</c>.</summary>
public sealed record TextData : IChecked
{
    /// <summary>The dataset's id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The column by name; it may be left out where there is only one of text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; init; }

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        if (Dataset.Length == 0) problems.Add("dataset", "must be the id of a dataset, was empty");
    }

    /// <summary>What is to be read.</summary>
    /// <param name="member">The member of the specification that this is.</param>
    /// <param name="maximumCharacters">How many characters the run can use in all.</param>
    internal DatasetText Source(string member, long maximumCharacters) => new(Dataset, Column) { Member = member, MaximumCharacters = maximumCharacters };
}
