using KlCore.Numerics;

namespace KlCore.Distributions;

/// <summary>The parameter theta of a log series with what theta lacks from 1, which rounding would lose for theta near 1.</summary>
/// <param name="Value">theta.</param>
/// <param name="Complement">1 - theta.</param>
internal readonly record struct LogTheta(double Value, double Complement)
{
    /// <summary>ln theta, the natural parameter.</summary>
    public double Log => Value < 0.5 ? Math.Log(Value) : Elementary.Log1p(-Complement);

    /// <summary>L = -ln(1 - theta).</summary>
    public double Whole => Value < 0.5 ? -Elementary.Log1p(-Value) : -Math.Log(Complement);

    /// <summary>theta (L - theta) / ((1 - theta) L)^2.</summary>
    public double Variance => Value * Elementary.Bregman(1, -Value, Complement) / (Complement * Whole) / (Complement * Whole);

    // ln(L/theta) and E[x] - 1, which are small where theta is.
    private double Rise => Elementary.Log1p(Elementary.Bregman(1, -Value, Complement) / Value);

    private double MeanLessOne => Elementary.Bregman(Complement, Value, 1) / (Complement * Whole);

    /// <summary>The theta of a logarithm below 0.</summary>
    public static LogTheta FromLog(double log) => new(Math.Exp(log), -Elementary.Expm1(log));

    /// <summary>ln(to/from).</summary>
    public static double Step(LogTheta from, LogTheta to) => to.Value < from.Value / 2 ? Elementary.LogOfRatio(to.Value, from.Value) : Elementary.Log1p((to.Value - from.Value) / from.Value);

    /// <summary>KL to the log series of theta', whose logarithm is larger by <paramref name="step"/>.</summary>
    public double Divergence(LogTheta model, double step)
    {
        var (theta, complement) = this;
        if (Math.Abs(step) > Math.Min(1, -Log / 2)) return Math.Max(0, model.Rise - Rise - MeanLessOne * step);
        return ExponentialFamily.NearDivergence(step, offset => new LogTheta(theta * Math.Exp(offset), complement - theta * Elementary.Expm1(offset)).Variance);
    }
}
