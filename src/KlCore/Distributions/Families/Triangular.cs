using System.ComponentModel.DataAnnotations;
using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>
/// The triangular distribution: the density rises linearly from 0 at the lower bound to 2/(upper - lower) at the mode and falls linearly to 0 at the
/// upper bound. The mode may be either bound.
/// </summary>
public sealed record Triangular : Continuous
{
    /// <summary>The least value: finite.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Lower { get; init; }

    /// <summary>The most likely value: from <see cref="Lower"/> to <see cref="Upper"/>.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Mode { get; init; }

    /// <summary>The largest value: finite, above <see cref="Lower"/>.</summary>
    [Range(double.MinValue, double.MaxValue)]
    public required double Upper { get; init; }

    /// <inheritdoc/>
    public override Family Describe() => new(
        "2 (x - lower) / ((upper - lower) (mode - lower)) up to the mode, 2 (upper - x) / ((upper - lower) (upper - mode)) from it on", "lower <= x <= upper", "A guess of the least, the most likely and the largest value.");

    /// <inheritdoc/>
    public override void Check(Problems problems)
    {
        base.Check(problems);
        if (Upper <= Lower) problems.Add("upper", $"must be greater than lower, {Lower:R}, was {Upper:R}");
        else if (Mode < Lower || Mode > Upper) problems.Add("mode", $"must be at least lower, {Lower:R}, and at most upper, {Upper:R}, was {Mode:R}");
    }

    /// <inheritdoc/>
    public override double LogDensity(double x)
    {
        if (!(x >= Lower && x <= Upper)) return double.NegativeInfinity;
        var (part, whole) = x == Mode ? (1, 1) : x < Mode ? (Length(Lower, x), Length(Lower, Mode)) : (Length(x, Upper), Length(Mode, Upper));
        var share = part / whole;
        // A share may be below all doubles though both lengths are none such.
        return (share < 1e-300 ? Math.Log(part) - Math.Log(whole) : Math.Log(share)) - Math.Log(Width()) + Math.Log(2 * Unit);
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= Lower ? 0 : x >= Upper ? 1 : x <= Mode
        ? Length(Lower, x) / Width() * (Length(Lower, x) / Length(Lower, Mode))
        : Length(Lower, Mode) / Width() + Length(Mode, x) / Width() * (1 + Length(x, Upper) / Length(Mode, Upper));

    /// <inheritdoc/>
    public override double Survival(double x) => x <= Lower ? 1 : x >= Upper ? 0 : x >= Mode
        ? Length(x, Upper) / Width() * (Length(x, Upper) / Length(Mode, Upper))
        : Length(Mode, Upper) / Width() + Length(x, Mode) / Width() * (1 + Length(Lower, x) / Length(Lower, Mode));

    /// <inheritdoc/>
    public override double Quantile(double probability) => Math.Clamp(Inwards(probability, Length(Lower, Mode) / Width(), Lower, Upper), Lower, Upper);

    /// <inheritdoc/>
    public override double UpperQuantile(double probability) => Math.Clamp(Inwards(probability, Length(Mode, Upper) / Width(), Upper, Lower), Lower, Upper);

    /// <inheritdoc/>
    public override Interval Support() => new(Lower, Upper);

    /// <inheritdoc/>
    public override double? Expectation() => Lower / 3 + Mode / 3 + Upper / 3;

    /// <summary>(w^2 - u v)/18 with the width w and the distances u, v of the mode from both ends.</summary>
    public override double? Variance()
    {
        var (width, share) = (Width(), Length(Lower, Mode) / Width());
        return width * ((1 - share * (1 - share)) / 18) * width / (Unit * Unit);
    }

    /// <inheritdoc/>
    public override double? EntropyByFormula() => 0.5 + Math.Log(Width()) - Math.Log(2 * Unit);

    internal override Tail LowerTail() => Tail.Power(Mode == Lower ? 0 : 1);

    internal override Tail UpperTail() => Tail.Power(Mode == Upper ? 0 : 1);

    internal override IReadOnlyList<double> Kinks() => Mode > Lower && Mode < Upper ? [Mode] : [];

    // Of a width beyond all doubles all lengths are halved.
    private double Unit => double.IsFinite(Upper - Lower) ? 1 : 0.5;

    private double Length(double from, double to) => to * Unit - from * Unit;

    private double Width() => Length(Lower, Upper);

    // How far one must go from one end for so much, of which there is some on this side of the mode: beyond it what is added to the mode.
    private double Inwards(double probability, double before, double near, double far)
    {
        var width = Math.CopySign(Width(), far / 2 - near / 2);
        if (probability <= before) return (near * Unit + Math.Sqrt(probability * before) * width) / Unit;
        return (Mode * Unit - width * (1 - before) * Elementary.Expm1(0.5 * Elementary.Log1p(-(probability - before) / (1 - before)))) / Unit;
    }
}
