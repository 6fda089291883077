using System.Text.Json.Serialization;
using KlCore.Divergences;

namespace KlCore.Training.DensityFit;

/// <summary>
/// What a density fit makes small: a divergence between the target p and the model q. One sealed record for each, listed here by one
/// attribute line.
/// </summary>
/// <remarks>
/// Every one of them is a function of D = ∫ q f(p/q) dx with f convex, f(1) = f'(1) = 0. A record states f by three functions of
/// u = ln(p/q), each divided by p + q so that it neither overflows where p and q are far apart nor cancels where they are close:
/// the integrand q f / (p + q); the slope (q ∂(q f)/∂q) / (p + q), shifted by a constant times q, which integrates to nothing, so that it is
/// zero at u = 0; and the slope's derivative with respect to u. Then D = E_p[Value] + E_q[Value], and its gradient with respect to the
/// parameters θ of q is E_p[Slope ∇θ ln q] + E_q[Slope ∇θ ln q]; in the second term Slope may be differentiated through a draw of q instead.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(ForwardKl), "forward-kl")]
[JsonDerivedType(typeof(ReverseKl), "reverse-kl")]
[JsonDerivedType(typeof(Jeffreys), "jeffreys")]
[JsonDerivedType(typeof(JensenShannon), "jensen-shannon")]
[JsonDerivedType(typeof(Renyi), "renyi")]
[JsonDerivedType(typeof(Amari), "alpha")]
public abstract record Objective : IChecked
{
    /// <inheritdoc/>
    public virtual void Check(Problems problems) => Bounds.Check(this, problems);

    /// <summary>q f(p/q) / (p + q) at u = ln(p/q); at least 0.</summary>
    internal abstract double Value(double u);

    /// <summary>(q ∂(q f)/∂q) / (p + q) at u, zero at u = 0.</summary>
    internal abstract double Slope(double u);

    /// <summary>dSlope/du.</summary>
    internal abstract double SlopeDerivative(double u);

    /// <summary>The objective as a function of D.</summary>
    internal virtual double Outer(double divergence) => divergence;

    /// <summary>dOuter/dD.</summary>
    internal virtual double OuterSlope(double divergence) => 1;

    /// <summary>
    /// How wide a model starts, in standard deviations of the target: narrow enough to choose a mode. An objective that is infinite where q
    /// has lighter tails than p starts wider, or it would have no gradient to follow.
    /// </summary>
    internal virtual double StartWidth => 0.5;

    /// <summary>How the objective's integrand grows where p exceeds q more and more, in proportion to p, and where q exceeds p.</summary>
    internal virtual (Growth WherePExceeds, Growth WhereQExceeds) Growths => default;

    /// <summary>Whether the gradient needs of p no more than expectations, so that samples of p will do in its place.</summary>
    internal virtual bool IsLikelihood => false;
}
