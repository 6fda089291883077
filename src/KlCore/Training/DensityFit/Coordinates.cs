using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>
/// The coordinates in which a fit works: x = centre + S z, chosen so that the target has mean 0 and covariance 1 in z. Divergences are the
/// same in x and z, and mixtures of Gaussians stay what they are, so a learning rate means the same whether the data are 0.001 or 1000 wide.
/// </summary>
internal sealed class Coordinates
{
    // What is left of a variance when the other coordinates explain the rest: below this it is the rounding of the moments.
    private const double Doubt = 1e-12;

    private readonly double[] _centre;
    private readonly double[] _factor;

    private Coordinates(double[] centre, double[] factor) => (_centre, _factor) = (centre, factor);

    public int Dimension => _centre.Length;

    /// <summary>The coordinates that standardise a distribution with these moments; <paramref name="name"/> is whom to blame if there are none.</summary>
    public static Coordinates Of(Moments moments, string name)
    {
        if (!moments.Mean.Concat(moments.Covariance.SelectMany(row => row)).All(double.IsFinite))
            throw new InvalidInputException(name, "must have moments within the range of a double");
        if (!Cholesky.TryFactor(moments.Covariance, Doubt, out var factor, out _))
            throw new InvalidInputException(name, "must vary in every direction, but some combination of its coordinates is constant");
        return new Coordinates(moments.Mean, factor);
    }

    /// <summary>ln det S: a density in x is that in z divided by det S.</summary>
    public double LogDeterminant()
    {
        var sum = 0.0;
        for (var i = 0; i < Dimension; i++) sum += Math.Log(_factor[i * Dimension + i]);
        return sum;
    }

    /// <summary>z = S⁻¹(x − centre), in place.</summary>
    public void ToStandard(Span<double> x)
    {
        for (var i = 0; i < Dimension; i++) x[i] -= _centre[i];
        Solve(x);
    }

    /// <summary>A mixture in x as one in z.</summary>
    public MixtureDensity ToStandard(MixtureDensity mixture) => Map(mixture, ToStandard, Solve);

    /// <summary>A mixture in z as one in x.</summary>
    public MixtureDensity FromStandard(MixtureDensity mixture) => Map(mixture, FromStandard, Multiply);

    /// <summary>A point x from its z.</summary>
    public double[] FromStandard(double[] z)
    {
        double[] x = [.. z];
        FromStandard(x.AsSpan());
        return x;
    }

    /// <summary>Centre and scale of the first coordinate, which depends on no other.</summary>
    public (double Centre, double Scale) FirstCoordinate() => (_centre[0], _factor[0]);

    private void FromStandard(Span<double> z)
    {
        Multiply(z);
        for (var i = 0; i < Dimension; i++) z[i] += _centre[i];
    }

    private MixtureDensity Map(MixtureDensity mixture, SpanAction point, SpanAction direction)
    {
        var (d, mapped) = (Dimension, new MixtureDensity(mixture.Components, Dimension));
        mixture.LogWeights.CopyTo(mapped.LogWeights, 0);
        mixture.Means.CopyTo(mapped.Means, 0);
        Span<double> column = new double[d];
        for (var k = 0; k < mixture.Components; k++)
        {
            point(mapped.Means.AsSpan(k * d, d));
            var (from, to) = (k * d * d, mapped.Factors);
            for (var j = 0; j < d; j++)
            {
                for (var i = 0; i < d; i++) column[i] = mixture.Factors[from + i * d + j];
                direction(column);
                for (var i = 0; i < d; i++) to[from + i * d + j] = column[i];
            }
        }

        mapped.Refresh();
        return mapped;
    }

    private void Solve(Span<double> vector)
    {
        for (var i = 0; i < Dimension; i++)
        {
            for (var j = 0; j < i; j++) vector[i] -= _factor[i * Dimension + j] * vector[j];
            vector[i] /= _factor[i * Dimension + i];
        }
    }

    private void Multiply(Span<double> vector)
    {
        for (var i = Dimension - 1; i >= 0; i--)
        {
            vector[i] *= _factor[i * Dimension + i];
            for (var j = 0; j < i; j++) vector[i] += _factor[i * Dimension + j] * vector[j];
        }
    }

    private delegate void SpanAction(Span<double> span);
}
