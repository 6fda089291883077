using System.Text.Json.Serialization;

namespace KlCore.Policies;

/// <summary>
/// One number for each token of each sequence. In JSON <c>[[-0.1, -2.3], [-0.7]]</c>, where sequences may differ in length, or
/// <c>[-0.1, -2.3]</c> for a single sequence, which is written back in the same form.
/// </summary>
[JsonConverter(typeof(TokenRowsConverter))]
public sealed class TokenRows
{
    /// <summary>One sequence.</summary>
    public TokenRows(double[] tokens) => (Rows, IsFlat) = ([tokens], true);

    /// <summary>Any number of sequences.</summary>
    public TokenRows(double[][] rows) => Rows = rows;

    /// <summary>The sequences.</summary>
    public double[][] Rows { get; }

    /// <summary>Whether it was given as plain numbers.</summary>
    public bool IsFlat { get; }

    /// <summary>How many tokens there are in all sequences together.</summary>
    public long Count() => Rows.Sum(row => (long)row.Length);

    /// <summary>Where problems of one token go, seen from the rows.</summary>
    public Problems At(Problems problems, int row, int token) => IsFlat ? problems.At(token) : problems.At(row).At(token);

    /// <summary>Adds a problem unless there are as many tokens in each sequence as <paramref name="other"/> has.</summary>
    public bool HasShapeOf(TokenRows other, string name, Problems problems)
    {
        if (IsFlat != other.IsFlat || Rows.Length != other.Rows.Length)
        {
            problems.Add($"must have {Shape(other)} like {name}, had {Shape(this)}");
            return false;
        }

        var same = true;
        for (var i = 0; i < Rows.Length; i++)
        {
            if (Rows[i].Length == other.Rows[i].Length) continue;
            same = false;
            (IsFlat ? problems : problems.At(i)).Add($"must have {other.Rows[i].Length} elements like {name}, had {Rows[i].Length}");
        }

        return same;
    }

    private static string Shape(TokenRows rows) => rows.IsFlat ? "plain numbers" : rows.Rows.Length == 1 ? "1 sequence" : $"{rows.Rows.Length} sequences";
}
