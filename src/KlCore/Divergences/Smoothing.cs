using System.Text.Json.Serialization;

namespace KlCore.Divergences;

/// <summary>
/// What is done about categories that were never seen, to p and q alike. Formulas speak of counts n with sum N over K categories, T of
/// them not 0; probabilities are counts with N = 1.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(NoSmoothing), "none")]
[JsonDerivedType(typeof(Clip), "clip")]
[JsonDerivedType(typeof(Additive), "additive")]
[JsonDerivedType(typeof(JelinekMercer), "jelinek-mercer")]
[JsonDerivedType(typeof(DirichletSmoothing), "dirichlet")]
[JsonDerivedType(typeof(AbsoluteDiscount), "absolute-discount")]
[JsonDerivedType(typeof(WittenBell), "witten-bell")]
[JsonDerivedType(typeof(GoodTuring), "good-turing")]
public abstract record Smoothing : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>Whether these numbers can be smoothed so; adds why not.</summary>
    internal virtual bool Suits(MassFunction raw, Problems problems) => true;

    /// <summary>The distribution after smoothing.</summary>
    internal abstract MassFunction Smooth(MassFunction raw);
}

/// <summary>The numbers as they are: a category that was never seen stays impossible.</summary>
public sealed record NoSmoothing : Smoothing
{
    internal override MassFunction Smooth(MassFunction raw) => raw;
}
