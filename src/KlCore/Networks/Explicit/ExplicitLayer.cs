using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace KlCore.Networks.Explicit;

/// <summary>A dense layer that is written out: a = activation(W x + b).</summary>
public sealed record ExplicitLayer
{
    /// <summary>W: one row for each output, with one number for each input.</summary>
    public required double[][] Weights { get; init; }

    /// <summary>b: one number for each output. A layer without one adds nothing, and has none to learn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Bias { get; init; }

    /// <summary>What is done to W x + b.</summary>
    public Activation Activation { get; init; }

    /// <summary>What a leaky-relu multiplies negative numbers with, 0.01 if not given; no other activation has it.</summary>
    [Range(-double.MaxValue, double.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NegativeSlope { get; init; }

    /// <summary>How many numbers go in.</summary>
    internal int Inputs => Weights.Length == 0 ? 0 : Weights[0].Length;

    /// <summary>How many come out.</summary>
    internal int Outputs => Weights.Length;

    /// <summary>The slope that counts.</summary>
    internal double Slope => NegativeSlope ?? ActivationFunctions.DefaultNegativeSlope;

    /// <summary>Adds everything that is wrong with the layer after one of so many outputs, which is null for the first.</summary>
    internal void Check(int? before, Problems problems)
    {
        Bounds.Check(this, problems);
        if (NegativeSlope is not null && Activation != Activation.LeakyRelu) problems.Add("negativeSlope", "must be given for the activation leaky-relu only");
        if (Weights.Length == 0) problems.Add("weights", "must have at least 1 row, one for each output, had none");
        else CheckWeights(before, problems.At("weights"));
        if (Bias is null) return;
        if (Weights.Length > 0 && Bias.Length != Outputs) problems.Add("bias", $"must have {Outputs} numbers, one for each row of weights, had {Bias.Length}");
        CheckFinite(Bias, problems.At("bias"));
    }

    private void CheckWeights(int? before, Problems problems)
    {
        if (before is null && Inputs == 0) problems.At(0).Add("must have at least 1 number, one for each input, had none");
        var (width, why) = before is { } outputs ? (outputs, "one for each output of the layer before") : (Inputs, "like the first row");
        for (var i = 0; i < Weights.Length; i++)
        {
            if (Weights[i].Length != width) problems.At(i).Add($"must have {width} numbers, {why}, had {Weights[i].Length}");
            CheckFinite(Weights[i], problems.At(i));
        }
    }

    internal static void CheckFinite(double[] numbers, Problems problems)
    {
        for (var i = 0; i < numbers.Length; i++)
            if (!double.IsFinite(numbers[i])) problems.At(i).Add($"must be finite, was {numbers[i]:R}");
    }
}
