using KlCore.Numerics;

namespace KlCore.Drift;

/// <summary>Compares tables column by column.</summary>
public static class DriftAnalysis
{
    /// <summary>The columns of a reference as they are compared, and why so. What only the options name is added to the problems.</summary>
    /// <param name="reference">The columns.</param>
    /// <param name="options">Which of them, and how.</param>
    /// <param name="isWhole">Whether everything is kept, for one comparison at once; else little enough to be stored.</param>
    /// <param name="problems">Seen from the object that has the member columns.</param>
    public static IReadOnlyList<ReferenceColumn> Profile(IReadOnlyList<ColumnSample> reference, DriftOptions options, bool isWhole, Problems problems)
    {
        var profiles = new List<ReferenceColumn>();
        for (var i = 0; i < options.Columns?.Count; i++)
            if (reference.All(column => column.Name != options.Columns[i].Name)) problems.At("columns").At(i).Add("name", "must be a column of the reference");
        foreach (var column in reference)
        {
            var index = options.Columns is null ? -1 : options.Columns.ToList().FindIndex(asked => asked.Name == column.Name);
            if (options.Columns is not null && index < 0) continue;
            var asked = index < 0 ? null : options.Columns![index];
            var (type, reason) = asked?.Type is { } said ? (said, "the type was given") : ColumnRules.TypeOf(column);
            // An order was asked for by the method.
            if (asked?.Type is null && asked?.Method?.NeedsNumbers() == true && column.IsNumeric) (type, reason) = (ColumnKind.Numeric, "numbers, which the method needs");
            if (asked?.Type is null && type == ColumnKind.Text && asked?.Method is not null) (type, reason) = (ColumnKind.Categorical, "texts whose frequencies the method compares");
            if (type == ColumnKind.Numeric && !column.IsNumeric) problems.At("columns").At(index).Add(asked!.Type is null ? "method" : "type", "needs numbers, the reference has none or holds texts");
            else if (type != ColumnKind.Numeric && asked?.Method?.NeedsNumbers() == true) problems.At("columns").At(index).Add("method", "needs numbers, the reference holds texts");
            else profiles.Add(new ReferenceColumn(ColumnProfile.Of(column, type, isWhole), reason, asked));
        }

        return profiles;
    }

    /// <summary>Compares a table with the columns of a reference.</summary>
    /// <exception cref="NotComputableException">None of them is there.</exception>
    public static DriftReport Compare(IReadOnlyList<ReferenceColumn> reference, IReadOnlyList<ColumnSample> current, DriftOptions options, CancellationToken cancellation)
    {
        if (!reference.Any(known => current.Any(column => column.Name == known.Profile.Name)))
            throw new NotComputableException("no-common-columns", $"The table has none of the {reference.Count} columns of the reference that are compared, the first of which is '{Short(reference[0].Profile.Name)}'; names are compared to the letter, and the first row of a CSV holds them.");
        var warnings = new List<string>();
        var columns = new List<ColumnDrift>();
        foreach (var (profile, reason, asked) in reference)
        {
            cancellation.ThrowIfCancellationRequested();
            if (current.FirstOrDefault(column => column.Name == profile.Name) is not { } column)
            {
                warnings.Add($"The column '{Short(profile.Name)}' of the reference is not there any more.");
                continue;
            }

            if (profile.Type == ColumnKind.Numeric && !column.IsNumeric && column.Count > 0) columns.Add(NoLongerNumbers(profile, column, reason));
            else columns.Add(ColumnComparison.Of(profile, ColumnProfile.Of(column, profile.Type, isWhole: true), asked, reason, options.Pseudocount, cancellation));
        }

        foreach (var column in options.Columns is null ? current.Where(column => reference.All(known => known.Profile.Name != column.Name)) : [])
            warnings.Add($"The column '{Short(column.Name)}' is new; there is nothing to compare it with.");
        return Judge(columns, options, warnings);
    }

    private static DriftReport Judge(List<ColumnDrift> columns, DriftOptions options, List<string> warnings)
    {
        var adjusted = options.Correction == DriftCorrection.Holm ? Holm.Adjust([.. columns.Select(column => column.PValue)]) : [.. columns.Select(column => column.PValue)];
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i] with { AdjustedPValue = adjusted[i] };
            var notes = column.Warnings.ToList();
            if (column.Missing.PValue <= options.Alpha && column.Missing.Reference != column.Missing.Current)
                notes.Add($"The share of missing cells went from {column.Missing.Reference:P1} to {column.Missing.Current:P1}.");
            // A column that changed its type has its verdict already.
            var verdict = column.Verdict == DriftVerdict.Drift ? DriftVerdict.Drift : ColumnComparison.Verdict(column, options.Alpha);
            columns[i] = column with { Verdict = verdict, Warnings = notes };
        }

        string[] drifted = [.. columns.Where(column => column.Verdict == DriftVerdict.Drift).Select(column => column.Name)];
        var compared = columns.Where(column => column.Type != ColumnKind.Text).ToList();
        return new DriftReport
        {
            Verdict = drifted.Length > 0 ? DriftVerdict.Drift : compared.Count == 0 || compared.Exists(column => column.Verdict == DriftVerdict.Inconclusive) ? DriftVerdict.Inconclusive : DriftVerdict.None,
            Drifted = drifted,
            Alpha = options.Alpha,
            Correction = options.Correction,
            Columns = columns,
            Warnings = warnings,
        };
    }

    private static ColumnDrift NoLongerNumbers(ColumnProfile profile, ColumnSample column, string reason)
    {
        var text = ColumnProfile.Of(column, ColumnKind.Categorical, isWhole: true);
        var compared = ColumnComparison.Of(profile with { Type = ColumnKind.Text }, text with { Type = ColumnKind.Text }, null, reason, 0, default);
        return compared with { Type = ColumnKind.Numeric, Verdict = DriftVerdict.Drift, Warnings = ["The column held numbers and now holds texts."] };
    }

    private static string Short(string name) => name.Length <= 60 ? name : $"{name[..60]}…";
}

/// <summary>A column of a reference, as it is compared.</summary>
/// <param name="Profile">What is kept of it.</param>
/// <param name="Reason">Why it has its type.</param>
/// <param name="Options">What the caller said of it.</param>
public sealed record ReferenceColumn(ColumnProfile Profile, string Reason, ColumnOptions? Options);
