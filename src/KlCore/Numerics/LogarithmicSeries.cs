namespace KlCore.Numerics;

/// <summary>The series theta + theta^2/2 + theta^3/3 + ... = -ln(1 - theta) from a term on.</summary>
internal static class LogarithmicSeries
{
    // From here on the formula of Euler and Maclaurin leaves less than 1e-17 for theta above e^-0.5.
    private const double First = 20;
    private const double FastDecay = 0.5;

    /// <summary>B_2j / (2j)!.</summary>
    private static readonly double[] Coefficients = [1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000];

    /// <summary>The sum of theta^j / j over j >= start, an integer of at least 1, for theta between 0 and 1.</summary>
    public static double From(double theta, double start)
    {
        var decay = -Math.Log(theta);
        var sum = 0.0;
        for (var j = start; j < First || decay > FastDecay; j++)
        {
            var term = Math.Exp(-decay * j) / j;
            sum += term;
            if (term <= 1e-18 * sum) return sum;
        }

        return sum + Rest(decay, Math.Max(start, First));
    }

    // f(x) = e^(-c x)/x: the integral is an exponential integral, and (-1)^m f^(m)(x) = (c^m e^(-c x) + m (-1)^(m-1) f^(m-1)(x)) / x.
    private static double Rest(double decay, double x)
    {
        var exponential = Math.Exp(-decay * x);
        var derivative = exponential / x;
        var sum = ExponentialIntegral.At(decay * x) + derivative / 2;
        var power = 1.0;
        for (var m = 1; m < 2 * Coefficients.Length; m++)
        {
            power *= decay;
            derivative = (power * exponential + m * derivative) / x;
            if (m % 2 == 1) sum += Coefficients[m / 2] * derivative;
        }

        return sum;
    }
}
