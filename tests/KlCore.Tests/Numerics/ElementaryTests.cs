using KlCore.Numerics;

namespace KlCore.Tests.Numerics;

/// <summary>Expected values by mpmath with 50 digits.</summary>
public class ElementaryTests
{
    private const double Tolerance = 4e-16;

    [Theory]
    [InlineData(1e-300, 1e-300)]
    [InlineData(1e-17, 1.000000000000000066542e-17)]
    [InlineData(1e-9, 9.999999995000000626149e-10)]
    [InlineData(-1e-9, -1.000000000500000062615e-9)]
    [InlineData(0.25, 0.22314355131420975576629509)]
    [InlineData(-0.5, -0.6931471805599453094172321)]
    [InlineData(-0.9999999, -16.11809565148467563606)]
    [InlineData(1e20, 46.05170185988091368035983)]
    public void Log1p_Known_HasAllDigits(double x, double expected) => Close(expected, Elementary.Log1p(x));

    [Fact]
    public void Log1p_MinusOne_IsMinusInfinity() => Assert.Equal(double.NegativeInfinity, Elementary.Log1p(-1));

    [Theory]
    [InlineData(1e-300, 1e-300)]
    [InlineData(1e-9, 1.000000000500000062448e-9)]
    [InlineData(-1e-5, -9.999950000166667068023e-6)]
    [InlineData(0.25, 0.28402541668774148407342)]
    [InlineData(-0.5, -0.39346934028736657639620)]
    [InlineData(3, 19.085536923187667740928529654)]
    [InlineData(-50, -1)]
    [InlineData(800, double.PositiveInfinity)]
    public void Expm1_Known_HasAllDigits(double x, double expected) => Close(expected, Elementary.Expm1(x));

    [Theory]
    [InlineData(1e-8, 0.5 + 1e-8 / 6)]
    [InlineData(-0.4, 0.4395002877227456266107)]
    [InlineData(2, 1.0972640247326625568)]
    public void ExpRemainder_Known_HasAllDigits(double x, double expected) => Close(expected, Elementary.ExpRemainder(x));

    [Theory]
    [InlineData(0.5, 1e-9, 9.999999986666667932298e-19)]
    [InlineData(0.5, 0.5, 0.15342640972002734529)]
    [InlineData(0, 0.25, 0.25)]
    [InlineData(0.25, -0.25, double.PositiveInfinity)]
    [InlineData(0.25, 0, 0)]
    public void Bregman_Known_HasAllDigits(double p, double d, double expected) => Close(expected, Elementary.Bregman(p, d));

    [Theory]
    [InlineData(5e-324, 1, -744.44007192138126231)]
    [InlineData(1e300, 1e-300, 1381.5510557964274104)]
    [InlineData(1, 0, double.PositiveInfinity)]
    [InlineData(0, 1, double.NegativeInfinity)]
    public void LogOfRatio_Extreme_HasAllDigits(double a, double b, double expected) => Close(expected, Elementary.LogOfRatio(a, b));

    [Fact]
    public void DoubleDouble_Exp_HasThirtyDigits()
    {
        // e = 2.71828182845904523536028747135266249775724709369995..., split into two doubles.
        var e = DoubleDouble.Exp(1);
        Assert.Equal(2.718281828459045, e.Hi);
        Assert.Equal(1.4456468917292502e-16, e.Lo, 1e-30);
        var back = DoubleDouble.Exp(new(30.25, 1e-18)) * DoubleDouble.Exp(new(-30.25, -1e-18)) - DoubleDouble.One;
        Assert.Equal(0, back.Value, 1e-29);
    }

    [Fact]
    public void DoubleDouble_Division_UndoesMultiplication()
    {
        DoubleDouble third = DoubleDouble.One / 3.0;
        Assert.Equal(0, (third * 3.0 - DoubleDouble.One).Value, 1e-31);
        Assert.Equal(1e-20, (DoubleDouble.Sum(1, 1e-20) - DoubleDouble.One).Value);
    }

    [Fact]
    public void CompensatedSum_LargeThenSmall_KeepsTheSmall()
    {
        var sum = new CompensatedSum();
        foreach (var term in (double[])[1, 1e100, 1, -1e100]) sum.Add(term);
        Assert.Equal(2, sum.Value);
    }

    [Fact]
    public void ExactSum_MillionTenths_IsExactToThirtyDigits()
    {
        var sum = new ExactSum();
        for (var i = 0; i < 1_000_000; i++) sum.Add(0.1);
        // The double 0.1 is 0.1000000000000000055511151231257827021181583404541015625.
        Assert.Equal(5.5511151231257827e-12, (sum.Value - 100000.0).Value, 1e-20);
    }

    private static void Close(double expected, double actual) =>
        Assert.True(expected == actual || Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"{expected:R}, was {actual:R}");
}
