using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlCore.Losses;

namespace KlCore.Training.LanguageModel;

/// <summary>What a model is trained for: one sealed record for each, listed here by one attribute line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(MaximumLikelihood), "maximum-likelihood")]
[JsonDerivedType(typeof(Distilled), "distilled")]
public abstract record LanguageObjective : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);
}

/// <summary>The text itself is to be likely: the mean of -ln q(next token) is made small, which is the entropy of the text plus the forward KL from it to the model.</summary>
public sealed record MaximumLikelihood : LanguageObjective;

/// <summary>At every position of the text the distribution of another model, the teacher, is to be met.</summary>
public sealed record Distilled : LanguageObjective
{
    /// <summary>The id of the job whose model teaches: a language model with the same tokens.</summary>
    public required string Teacher { get; init; }

    /// <summary>What is paid for missing it.</summary>
    public Loss Loss { get; init; } = new ForwardKullbackLeibler();

    /// <summary>Divides the logits of both before their softmax; the loss is then multiplied with its square, so that gradients stay as long.</summary>
    [Range(0.01, 100)]
    public double Temperature { get; init; } = 1;

    /// <summary>How much of the loss is the likelihood of the text, and not of the teacher.</summary>
    [Range(0, 1)]
    public double TextWeight { get; init; }

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Teacher.Length == 0) problems.Add("teacher", "must be the id of a job, was empty");
        Loss.Check(problems.At("loss"));
    }
}
