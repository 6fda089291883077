using KlCore.Divergences;

namespace KlCore.Networks.Explicit;

/// <summary>
/// What the outputs should have been, one row for each row of inputs. Rows of numbers are taken as they are; of distributions they must sum to 1 (softmax
/// and logits) or lie from 0 to 1 (sigmoid). Plain numbers are the row of a single plain input, or the numbers of a network with one output, or, for the
/// cross-entropy over classes, the class of each row, counted from 0.
/// </summary>
public sealed class Targets
{
    private Targets(double[][] rows, int[]? classes) => (Rows, Classes) = (rows, classes);

    /// <summary>The rows.</summary>
    public double[][] Rows { get; }

    /// <summary>The class of each row, where classes were given.</summary>
    public int[]? Classes { get; }

    /// <summary>Reads targets, or adds why they do not fit and returns null.</summary>
    /// <param name="given">As they were given.</param>
    /// <param name="inputs">What they belong to.</param>
    /// <param name="outputs">How many numbers the network answers for a row.</param>
    /// <param name="loss">What they are compared by.</param>
    /// <param name="reading">How.</param>
    /// <param name="problems">Where failures go, seen from the targets.</param>
    internal static Targets? TryRead(BatchRows given, BatchRows inputs, int outputs, NetworkLoss loss, OutputReading reading, Problems problems)
    {
        var before = problems.Total;
        var count = inputs.Rows.Length;
        var byClass = loss == NetworkLoss.CrossEntropy && reading is OutputReading.Probabilities or OutputReading.Logits;
        Targets? targets = null;
        if (!given.IsPlain) targets = new(given.Rows, null);
        else if (inputs.IsPlain && given.Rows[0].Length == outputs) targets = new(given.Rows, null);
        else if (outputs == 1 && given.Rows[0].Length == count) targets = new([.. given.Rows[0].Select(number => new[] { number })], null);
        else if (byClass && given.Rows[0].Length == count) targets = FromClasses(given.Rows[0], outputs, problems);
        if (targets is null && problems.Total == before) problems.Add($"must have {count} rows of {outputs} numbers{(byClass ? ", or the class of each row" : "")}, had {given.Rows[0].Length} numbers");
        if (targets is null) return null;
        if (targets.Classes is null) targets.Check(given, count, outputs, reading, problems);
        return problems.Total == before ? targets : null;
    }

    private static Targets? FromClasses(double[] classes, int outputs, Problems problems)
    {
        var before = problems.Total;
        for (var i = 0; i < classes.Length; i++)
            if (!(classes[i] >= 0 && classes[i] < outputs && classes[i] == Math.Floor(classes[i]))) problems.At(i).Add($"must be a class from 0 to {outputs - 1}, was {classes[i]:R}");
        if (problems.Total > before) return null;
        int[] whole = [.. classes.Select(number => (int)number)];
        return new([.. whole.Select(index => OneHot(index, outputs))], whole);
    }

    private static double[] OneHot(int index, int count)
    {
        var row = new double[count];
        row[index] = 1;
        return row;
    }

    private void Check(BatchRows given, int count, int outputs, OutputReading reading, Problems problems)
    {
        if (Rows.Length != count) problems.Add($"must have {count} rows, one for each row of inputs, had {Rows.Length}");
        for (var i = 0; i < Rows.Length; i++)
        {
            var at = given.IsPlain && Rows.Length > 1 ? problems.At(i) : given.At(problems, i);
            if (Rows[i].Length != outputs) at.Add($"must have {outputs} numbers, one for each output, had {Rows[i].Length}");
            else CheckRow(Rows[i], reading, at, given.IsPlain && Rows.Length > 1);
        }
    }

    private static void CheckRow(double[] row, OutputReading reading, Problems at, bool isOneNumber)
    {
        if (reading is OutputReading.Probabilities or OutputReading.Logits)
        {
            MassFunction.TryRead(row, new Interpretation(), at);
            return;
        }

        for (var j = 0; j < row.Length; j++)
        {
            var element = isOneNumber ? at : at.At(j);
            if (!double.IsFinite(row[j])) element.Add($"must be finite, was {row[j]:R}");
            else if (reading == OutputReading.Bernoulli && row[j] is < 0 or > 1) element.Add($"must be from 0 to 1 for sigmoid outputs, was {row[j]:R}");
        }
    }
}
