using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// A mixture of Gaussians made ready to be evaluated many times: covariances as lower triangular factors L (C = L Lᵀ), weights as
/// logarithms. It holds scratch space, so one thread uses it at a time.
/// </summary>
internal sealed class MixtureDensity : Density
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    // A component this far below the largest, in nats, changes no digit of a sum; one this far below the whole, no digit of a gradient.
    private const double Negligible = 50;
    private const double NegligibleShare = 100;

    private readonly double[] _logs;
    private readonly double[] _whitened;
    private readonly double[] _direction;

    public MixtureDensity(int components, int dimension)
    {
        (Components, Dimension) = (components, dimension);
        (LogWeights, LogScales, Means) = (new double[components], new double[components], new double[components * dimension]);
        (Factors, Weights) = (new double[components * dimension * dimension], new double[components]);
        (_logs, _whitened, _direction) = (new double[components], new double[components * dimension], new double[dimension]);
    }

    public int Components { get; }

    public override int Dimension { get; }

    /// <summary>ln w_k.</summary>
    public double[] LogWeights { get; }

    /// <summary>w_k; <see cref="Refresh"/> finds them from their logarithms.</summary>
    public double[] Weights { get; }

    /// <summary>ln of the density's constant: −d/2 ln 2π − Σ ln L_ii. <see cref="Refresh"/> finds it from the factors.</summary>
    public double[] LogScales { get; }

    /// <summary>The means, one component after the other.</summary>
    public double[] Means { get; }

    /// <summary>The factors L, one component after the other, row by row.</summary>
    public double[] Factors { get; }

    /// <summary>The mixture that a record describes.</summary>
    public static MixtureDensity Of(GaussianMixture mixture)
    {
        var (count, d, total) = (mixture.Weights.Length, mixture.Dimension(), mixture.Weights.Sum());
        var density = new MixtureDensity(count, d);
        for (var k = 0; k < count; k++)
        {
            density.LogWeights[k] = Math.Log(mixture.Weights[k] / total);
            mixture.Means[k].CopyTo(density.Means.AsSpan(k * d));
            density.SetFactor(k, mixture);
        }

        density.Refresh();
        return density;
    }

    /// <summary>To be called when factors or weights have changed.</summary>
    public void Refresh()
    {
        for (var k = 0; k < Components; k++)
        {
            var scale = -Dimension * HalfLogTwoPi;
            for (var i = 0; i < Dimension; i++) scale -= Math.Log(Factor(k)[i * Dimension + i]);
            (LogScales[k], Weights[k]) = (scale, Math.Exp(LogWeights[k]));
        }
    }

    public Span<double> Factor(int component) => Factors.AsSpan(component * Dimension * Dimension, Dimension * Dimension);

    public override double LogDensity(ReadOnlySpan<double> x)
    {
        var largest = double.NegativeInfinity;
        for (var k = 0; k < Components; k++)
        {
            _logs[k] = LogWeights[k] + LogScales[k] - 0.5 * Whiten(k, x);
            largest = Math.Max(largest, _logs[k]);
        }

        if (double.IsNegativeInfinity(largest)) return largest;
        if (Components == 1) return largest;
        var sum = 0.0;
        for (var k = 0; k < Components; k++)
        {
            if (_logs[k] - largest > -Negligible) sum += Math.Exp(_logs[k] - largest);
        }

        return largest + Math.Log(sum);
    }

    public override double LogDensity(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var logDensity = LogDensity(x);
        gradient.Clear();
        for (var k = 0; k < Components; k++)
        {
            if (_logs[k] - logDensity < -NegligibleShare) continue;
            var responsibility = Math.Exp(_logs[k] - logDensity);
            SolveTransposed(k);
            for (var i = 0; i < Dimension; i++) gradient[i] -= responsibility * _direction[i];
        }

        return logDensity;
    }

    /// <summary>
    /// Adds <paramref name="weight"/> × ∂ ln p(x)/∂θ for x as last given to <see cref="LogDensity(ReadOnlySpan{double})"/>, which answered
    /// <paramref name="logDensity"/>. The layout of θ is that of <see cref="MixtureParameters"/>.
    /// </summary>
    public void AddParameterGradient(double logDensity, double weight, Span<double> gradient)
    {
        var size = MixtureParameters.ComponentSize(Dimension);
        for (var k = 0; k < Components; k++)
        {
            var responsibility = _logs[k] - logDensity < -NegligibleShare ? 0 : Math.Exp(_logs[k] - logDensity);
            if (Components > 1) gradient[Components * size + k] += weight * (responsibility - Weights[k]);
            if (responsibility == 0) continue;
            SolveTransposed(k);
            AddComponentGradient(k, weight * responsibility, gradient.Slice(k * size, size));
        }
    }

    public override double Work() => Components * (20.0 + Dimension * Dimension);

    public override void Sample(RandomStream random, Span<double> x) => SampleComponent(Pick(random.NextUniform()), random, x, _direction);

    /// <summary>One draw from a component: x = m + L e. What e was is left in <paramref name="noise"/>.</summary>
    public void SampleComponent(int component, RandomStream random, Span<double> x, Span<double> noise)
    {
        for (var i = 0; i < Dimension; i++) noise[i] = random.NextNormal();
        Place(component, noise, x);
    }

    /// <summary>x = m + L e.</summary>
    public void Place(int component, ReadOnlySpan<double> noise, Span<double> x)
    {
        var factor = Factor(component);
        for (var i = 0; i < Dimension; i++)
        {
            var sum = Means[component * Dimension + i];
            for (var j = 0; j <= i; j++) sum += factor[i * Dimension + j] * noise[j];
            x[i] = sum;
        }
    }

    /// <summary>The component in which a uniform number falls when the weights are laid end to end.</summary>
    public int Pick(double uniform)
    {
        for (var k = 0; k < Components; k++)
        {
            uniform -= Weights[k];
            if (uniform < 0) return k;
        }

        return Array.FindLastIndex(LogWeights, weight => !double.IsNegativeInfinity(weight));
    }

    public override void AddBreaks(List<Break> breaks)
    {
        for (var k = 0; k < Components; k++)
        {
            if (double.IsNegativeInfinity(LogWeights[k])) continue;
            foreach (var deviations in BreaksInDeviations) breaks.Add(new Break(Means[k] + deviations * Factors[k], Factors[k]));
        }
    }

    // Leaves z = L⁻¹(x − m) of component k in its scratch, returns |z|².
    private double Whiten(int k, ReadOnlySpan<double> x)
    {
        if (Dimension == 1)
        {
            var z = (x[0] - Means[k]) / Factors[k];
            _whitened[k] = z;
            return z * z;
        }

        var factor = Factor(k);
        var whitened = _whitened.AsSpan(k * Dimension, Dimension);
        var squares = 0.0;
        for (var i = 0; i < Dimension; i++)
        {
            var sum = x[i] - Means[k * Dimension + i];
            for (var j = 0; j < i; j++) sum -= factor[i * Dimension + j] * whitened[j];
            whitened[i] = sum / factor[i * Dimension + i];
            squares += whitened[i] * whitened[i];
        }

        return squares;
    }

    // Leaves L⁻ᵀ z = C⁻¹(x − m) in the scratch.
    private void SolveTransposed(int k)
    {
        var factor = Factor(k);
        var whitened = _whitened.AsSpan(k * Dimension, Dimension);
        for (var i = Dimension - 1; i >= 0; i--)
        {
            var sum = whitened[i];
            for (var j = i + 1; j < Dimension; j++) sum -= factor[j * Dimension + i] * _direction[j];
            _direction[i] = sum / factor[i * Dimension + i];
        }
    }

    // With w = C⁻¹(x − m) and z = L⁻¹(x − m): ∂/∂m = w, ∂/∂L_ij = w_i z_j for i > j, ∂/∂ ln L_ii = L_ii w_i z_i − 1.
    private void AddComponentGradient(int k, double weight, Span<double> gradient)
    {
        var factor = Factor(k);
        var whitened = _whitened.AsSpan(k * Dimension, Dimension);
        var next = 0;
        for (var i = 0; i < Dimension; i++) gradient[next++] += weight * _direction[i];
        for (var i = 0; i < Dimension; i++) gradient[next++] += weight * (factor[i * Dimension + i] * _direction[i] * whitened[i] - 1);
        for (var i = 1; i < Dimension; i++)
        {
            for (var j = 0; j < i; j++) gradient[next++] += weight * _direction[i] * whitened[j];
        }
    }

    private void SetFactor(int k, GaussianMixture mixture)
    {
        var d = Dimension;
        var factor = Factor(k);
        if (mixture.StandardDeviations is { } deviations)
        {
            for (var i = 0; i < d; i++) factor[i * d + i] = deviations[k];
            return;
        }

        if (!Cholesky.TryFactor(mixture.Covariances![k], doubt: 0, out var lower, out var pivot))
            throw new InvalidInputException("covariances", $"must be positive definite, but the pivot of row {pivot} is not positive");
        lower.CopyTo(factor);
    }
}
