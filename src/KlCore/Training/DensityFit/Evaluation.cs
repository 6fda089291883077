using KlCore.Distributions;
using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Training.DensityFit;

/// <summary>Measures both divergences of a finished fit, in standard coordinates, where they have the same values.</summary>
internal static class Evaluation
{
    private const int Draws = 100_000;
    private const double Work = 4e7;

    private const double RoundingOfRatios = 1e-14;

    // How far beyond the outermost panels the integrals run, in their width: what lies further is below the smallest double.
    private const double Margin = 1;

    /// <summary>KL(p‖q), and KL(q‖p).</summary>
    public static (Measurement Forward, Measurement Reverse) Measure(StandardTarget target, MixtureDensity model, long seed)
    {
        var (forward, reverse) = model.Dimension == 1 ? Integrate(target.Density, model) : Sample(target.Density, model, seed);
        if (target.Samples is not { } samples) return (forward, reverse);
        var (forwardError, reverseError) = SamplingErrors(samples, target.Density, model);
        return (AsEstimate(forward, forwardError), AsEstimate(reverse, reverseError));
    }

    /// <summary>Both for a target that is a family: as between any two distributions.</summary>
    public static (Measurement Forward, Measurement Reverse) Measure(Univariate target, Distribution fitted, long seed)
    {
        var pair = DistributionPair.TryFrom(target, fitted, new Problems()) ?? throw new InvalidOperationException($"{fitted} is no distribution.");
        return (Find(Direction.Forward), Find(Direction.Reverse));

        Measurement Find(Direction direction)
        {
            var measure = new KullbackLeibler { Direction = direction };
            try
            {
                return pair.Measure(measure, new MeasureOptions());
            }
            catch (NotComputableException)
            {
                return pair.Measure(measure, new MeasureOptions { Method = Approach.MonteCarlo, Seed = seed });
            }
        }
    }

    private static (Measurement Forward, Measurement Reverse) Integrate(Density target, MixtureDensity model)
    {
        var (breaks, ends) = (new List<Break>(), new List<double>());
        target.AddBreaks(breaks);
        model.AddBreaks(breaks);
        Break.Merge(breaks, ends);
        var width = ends[^1] - ends[0];
        double[] all = [ends[0] - Margin * width, .. ends, ends[^1] + Margin * width];
        return (Integrate(new ForwardKl()), Integrate(new ReverseKl()));

        Measurement Integrate(Objective objective)
        {
            var integral = GaussKronrod.Integrate(Integrand, all);
            // u is a difference of logarithms, so it carries their rounding; near u = 0 the integrand is u²/4, which a sum turns into this.
            return new Measurement(integral.Value, Method.Quadrature, integral.ErrorBound + RoundingOfRatios * Math.Sqrt(integral.Value));

            double Integrand(double x)
            {
                var (logP, logQ) = (target.LogDensity(x), model.LogDensity(x));
                var mass = Math.Exp(logP) + Math.Exp(logQ);
                return mass == 0 ? 0 : mass * objective.Value(logP - logQ);
            }
        }
    }

    // Both directions from the same draws: KL = E_p[Value] + E_q[Value], all terms at least 0.
    private static (Measurement Forward, Measurement Reverse) Sample(Density target, MixtureDensity model, long seed)
    {
        var draws = (int)Math.Clamp(Work / (target.Work() + model.Work()), 1000, Draws);
        var p = Ratios(target, target, model, draws, new RandomStream(seed, 0, "evaluation by the target"));
        var q = Ratios(model, target, model, draws, new RandomStream(seed, 0, "evaluation by the model"));
        return (Measure(new ForwardKl()), Measure(new ReverseKl()));

        Measurement Measure(Objective objective)
        {
            var (fromP, fromQ) = (Mean([.. p.Select(objective.Value)]), Mean([.. q.Select(objective.Value)]));
            var error = Math.Sqrt(fromP.Error * fromP.Error + fromQ.Error * fromQ.Error);
            return new Measurement(fromP.Value + fromQ.Value, Method.MonteCarlo, StandardError: error);
        }
    }

    private static double[] Ratios(Density source, Density target, MixtureDensity model, int draws, RandomStream random)
    {
        var (x, ratios) = (new double[model.Dimension], new double[draws]);
        for (var i = 0; i < draws; i++)
        {
            source.Sample(random, x);
            ratios[i] = target.LogDensity(x) - model.LogDensity(x);
        }

        return ratios;
    }

    // How the divergences respond to one sample more: ln(p/q) there for KL(p‖q), −q/p there for KL(q‖p).
    private static (double Forward, double Reverse) SamplingErrors(Points samples, Density target, MixtureDensity model)
    {
        var count = Math.Min(samples.Count, 5000);
        var ratios = new double[count];
        for (var i = 0; i < count; i++)
        {
            var sample = samples[(int)((long)i * samples.Count / count)];
            ratios[i] = target.LogDensity(sample) - model.LogDensity(sample);
        }

        var scale = Math.Sqrt((double)count / samples.Count);
        return (scale * Mean(ratios).Error, scale * Mean([.. ratios.Select(u => Math.Exp(Math.Min(-u, 300)))]).Error);
    }

    private static Measurement AsEstimate(Measurement measured, double samplingError)
    {
        var error = measured.StandardError ?? measured.ErrorBound ?? 0;
        return new Measurement(measured.Value, Method.Estimate, StandardError: Math.Sqrt(error * error + samplingError * samplingError));
    }

    private static (double Value, double Error) Mean(double[] values)
    {
        var mean = values.Sum() / values.Length;
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return (mean, Math.Sqrt(squares / (values.Length - 1.0) / values.Length));
    }
}
