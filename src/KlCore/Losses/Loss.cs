using System.Text.Json.Serialization;

namespace KlCore.Losses;

/// <summary>
/// A distillation loss: what a student pays at one position for its distribution q = softmax(z / T) over the vocabulary beside the
/// teacher's p = softmax(t / T), with its gradient on the student's logits z. Each is a sealed record: its properties are its parameters,
/// one attribute line below lists it, and the catalogue, the JSON form and the documentation follow from there.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(ForwardKullbackLeibler), "forward-kl")]
[JsonDerivedType(typeof(ReverseKullbackLeibler), "reverse-kl")]
[JsonDerivedType(typeof(JensenShannon), "jensen-shannon")]
[JsonDerivedType(typeof(Jeffreys), "jeffreys")]
[JsonDerivedType(typeof(SkewForward), "skew-forward")]
[JsonDerivedType(typeof(SkewReverse), "skew-reverse")]
[JsonDerivedType(typeof(TotalVariation), "total-variation")]
[JsonDerivedType(typeof(Adaptive), "adaptive")]
[JsonDerivedType(typeof(CrossEntropy), "cross-entropy")]
[JsonDerivedType(typeof(SoftCrossEntropy), "soft-cross-entropy")]
[JsonDerivedType(typeof(Decoupled), "decoupled")]
[JsonDerivedType(typeof(TopK), "top-k")]
[JsonDerivedType(typeof(MeanSquaredError), "mean-squared-error")]
[JsonDerivedType(typeof(DistillmSymmetric), "distillm-symmetric")]
[JsonDerivedType(typeof(TemporalInterpolation), "taid")]
[JsonDerivedType(typeof(UniversalLogit), "uld")]
public abstract record Loss : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>What the catalogue says of the loss.</summary>
    public abstract LossDescription Describe();

    /// <summary>What a caller with these parameters should know, whatever the logits are.</summary>
    internal virtual IEnumerable<string> Cautions() => [];

    /// <summary>Whether the teacher's vocabulary may be another than the student's.</summary>
    internal virtual bool AllowsOtherVocabulary => false;

    /// <summary>
    /// The value at one position in nats (or without unit), without any factor of the temperature; may be +Infinity, is never NaN. Unless
    /// <paramref name="gradient"/> is empty it receives the derivative with respect to z / T, whose content means nothing where the value is infinite.
    /// </summary>
    internal abstract double Evaluate(LossRow row, Span<double> gradient);

    /// <summary>
    /// The derivative q (g - sum q g) of something with derivative g with respect to q itself; g is replaced in place. It is seen from the student's
    /// likeliest token, whose own derivative would cancel where the student is all but certain of it.
    /// </summary>
    private protected static void ThroughSoftmax(ReadOnlySpan<double> q, Span<double> g)
    {
        if (g.IsEmpty) return;
        var likeliest = 0;
        for (var i = 1; i < g.Length; i++)
            if (q[i] > q[likeliest]) likeliest = i;
        var origin = g[likeliest];
        var mean = new Numerics.CompensatedSum();
        for (var i = 0; i < g.Length; i++)
        {
            g[i] = q[i] == 0 ? 0 : g[i] - origin;
            mean.Add(q[i] * g[i]);
        }

        for (var i = 0; i < g.Length; i++) g[i] = q[i] == 0 ? 0 : q[i] * (g[i] - mean.Value);
    }
}

/// <summary>What is to be known about a loss before using it.</summary>
/// <param name="Formula">The value at one position in ASCII; 0 ln 0 = 0.</param>
/// <param name="Gradient">Its derivative with respect to the student's logit z_j at T = 1; any other temperature divides it by T.</param>
/// <param name="Range">The values it takes, in nats where it follows the unit.</param>
/// <param name="Summary">What it teaches, and when it is infinite.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record LossDescription(string Formula, string Gradient, string Range, string Summary, string Source)
{
    /// <summary>What frameworks call it, and where what they call so is something else.</summary>
    public IReadOnlyList<string> Conventions { get; init; } = [];

    /// <summary>Whether each position needs the token that follows.</summary>
    public bool NeedsLabels { get; init; }

    /// <summary>Whether it is a logarithm and so is answered in nats or bits.</summary>
    public bool FollowsUnit { get; init; } = true;

    /// <summary>Whether the temperature enters it.</summary>
    public bool UsesTemperature { get; init; } = true;

    /// <summary>Whether its own definition has the factor T^2.</summary>
    public bool IsScaledByTemperatureSquared { get; init; }

    /// <summary>Whether it is a sum with one term for each token of the vocabulary, by which frameworks' <c>mean</c> then divides.</summary>
    public bool IsSumOverVocabulary { get; init; } = true;
}
