using KlCore.Distributions;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>The density of any distribution of one real number, in coordinates in which its mean is 0 and its variance 1.</summary>
internal sealed class FamilyDensity : Density
{
    // Outside the support, and at a pole, finite numbers that stand for the infinite ones: u = ln p/q must be a number.
    private const double Nothing = -1e5;
    private const double Pole = 30;

    private const double Step = 1e-5;
    private const int Halvings = 24;

    private static readonly double[] Levels =
        [1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

    private readonly Univariate _family;
    private readonly double _centre;
    private readonly double _scale;
    private readonly double _logScale;
    private readonly Break[] _breaks;

    public FamilyDensity(Univariate family, double centre, double scale)
    {
        (_family, _centre, _scale, _logScale) = (family, centre, scale, Math.Log(scale));
        var ends = Ends().Where(double.IsFinite).Distinct().Order().ToArray();
        _breaks = [.. ends.Select((end, i) => new Break(end, Math.Min(i == 0 ? double.MaxValue : end - ends[i - 1], i == ends.Length - 1 ? double.MaxValue : ends[i + 1] - end)))];
        (Lowest, Highest) = (ToStandard(family.Quantile(1e-3)), ToStandard(family.UpperQuantile(1e-3)));
    }

    public override int Dimension => 1;

    /// <summary>Below this there is a thousandth of the probability.</summary>
    public double Lowest { get; }

    /// <summary>Above this there is a thousandth of it.</summary>
    public double Highest { get; }

    public override double LogDensity(ReadOnlySpan<double> x) => Math.Clamp(_family.LogDensity(_centre + _scale * x[0]) + _logScale, Nothing, Pole);

    public override double LogDensity(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var step = Step * Math.Max(1, Math.Abs(x[0]));
        gradient[0] = (LogDensity([x[0] + step]) - LogDensity([x[0] - step])) / (2 * step);
        return LogDensity(x);
    }

    public override double Work() => 100;

    public override void Sample(RandomStream random, Span<double> x) => x[0] = ToStandard(_family.Draw(random));

    public override void AddBreaks(List<Break> breaks) => breaks.AddRange(_breaks);

    private double ToStandard(double x) => (x - _centre) / _scale;

    // Quantiles; and towards finite ends, kinks and humps half of the way again and again, so that a pole is seen in panels of its own size.
    private IEnumerable<double> Ends()
    {
        foreach (var level in Levels)
        {
            yield return ToStandard(_family.Quantile(level));
            yield return ToStandard(_family.UpperQuantile(level));
        }

        var (lower, upper) = _family.Support();
        foreach (var landmark in new[] { lower, upper }.Concat(_family.Kinks()).Where(double.IsFinite).Select(ToStandard))
        {
            yield return landmark;
            for (var i = 0; i < Halvings; i++)
            {
                var distance = Math.ScaleB(1, -2 * i);
                if (landmark - distance >= ToStandard(lower)) yield return landmark - distance;
                if (landmark + distance <= ToStandard(upper)) yield return landmark + distance;
            }
        }
    }
}
