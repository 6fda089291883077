using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>Independent coordinates: nothing but standard deviations, kept to 32 digits so that variances and deviations can be mixed.</summary>
internal sealed class DiagonalCovariance : FactoredCovariance
{
    private readonly DoubleDouble[] _deviations;

    public DiagonalCovariance(DoubleDouble[] deviations)
        : base(Array.ConvertAll(deviations, deviation => Math.ILogB(deviation.Hi))) => _deviations = deviations;

    public override bool IsDiagonal => true;

    /// <summary>The standard deviations, not scaled.</summary>
    public ReadOnlySpan<DoubleDouble> Deviations => _deviations;

    /// <summary>The root of a variance, to 32 digits.</summary>
    public static DoubleDouble DeviationOf(double variance)
    {
        var exponent = ExponentOfVariance(variance);
        return DoubleDouble.Sqrt(Math.ScaleB(variance, -2 * exponent)).ScaleB(exponent);
    }

    public override CovarianceShare Toward(FactoredCovariance model, CancellationToken cancellation)
    {
        var sum = new CovarianceShareSum(Dimension);
        var other = ((DiagonalCovariance)model)._deviations;
        for (var i = 0; i < Dimension; i++)
        {
            var (s, t) = (_deviations[i], other[i]);
            sum.AddDiagonal(s.Hi / t.Hi, LessOne(s, t), () => Elementary.LogOfRatio(s.Hi, t.Hi));
        }

        return sum.Value();
    }

    public override double Mahalanobis(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < Dimension; i++)
        {
            var z = Between(a[i], b[i], Exponents[i]).Hi / Math.ScaleB(_deviations[i].Hi, -Exponents[i]);
            sum.Add(z * z);
        }

        return sum.Value;
    }

    public override FactoredCovariance Midpoint(FactoredCovariance other, CancellationToken cancellation)
    {
        var theirs = ((DiagonalCovariance)other)._deviations;
        var middle = new DoubleDouble[Dimension];
        for (var i = 0; i < Dimension; i++)
        {
            var exponent = Math.Max(Exponents[i], other.Exponents[i]);
            var (s, t) = (_deviations[i].ScaleB(-exponent), theirs[i].ScaleB(-exponent));
            middle[i] = DoubleDouble.Sqrt((s * s + t * t) * 0.5).ScaleB(exponent);
        }

        return new DiagonalCovariance(middle);
    }

    public override double[] Lower(int[] exponents)
    {
        var lower = new double[Dimension * Dimension];
        for (var i = 0; i < Dimension; i++) lower[i * Dimension + i] = Math.ScaleB(_deviations[i].Hi, -exponents[i]);
        return lower;
    }

    public override double[] Minus(FactoredCovariance other, int[] exponents, CancellationToken cancellation)
    {
        var theirs = ((DiagonalCovariance)other)._deviations;
        var difference = new double[Dimension * Dimension];
        for (var i = 0; i < Dimension; i++)
        {
            var (s, t) = (_deviations[i].ScaleB(-exponents[i]), theirs[i].ScaleB(-exponents[i]));
            difference[i * Dimension + i] = ((s - t) * (s + t)).Value;
        }

        return difference;
    }

    public override bool Equals(FactoredCovariance other) => other is DiagonalCovariance diagonal && _deviations.AsSpan().SequenceEqual(diagonal._deviations);

    // s/t - 1; the difference is exact where the two are near each other, which is where it matters.
    private static double LessOne(DoubleDouble s, DoubleDouble t) =>
        s.Hi < t.Hi / 2 || s.Hi > t.Hi * 2 ? s.Hi / t.Hi - 1 : (s.Hi - t.Hi + (s.Lo - t.Lo)) / t.Hi;
}
