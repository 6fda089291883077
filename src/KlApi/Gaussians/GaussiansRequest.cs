using KlApi.Host;
using KlCore;
using KlCore.Distributions;

namespace KlApi.Gaussians;

/// <summary>Two Gaussians of equal dimension.</summary>
public sealed record GaussiansRequest
{
    /// <summary>The reference.</summary>
    public required Gaussian P { get; init; }

    /// <summary>The model.</summary>
    public required Gaussian Q { get; init; }

    /// <summary>The unit of log-like values and of terms.</summary>
    public Unit Unit { get; init; } = Unit.Nats;

    /// <summary>The pair, read and factored, if it is not larger than this service takes.</summary>
    internal GaussianPair Pair(Limits limits, CancellationToken cancellation)
    {
        if (Math.Max(P.Extent(), Q.Extent()) > limits.GaussianDimension) throw Refusal.TooLarge($"A Gaussian may have at most {limits.GaussianDimension} dimensions.");
        var problems = new Problems();
        var pair = GaussianPair.TryFrom(P, Q, problems, cancellation);
        problems.ThrowIfAny();
        return pair!;
    }
}
