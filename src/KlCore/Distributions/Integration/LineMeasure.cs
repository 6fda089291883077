using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>
/// A measure between two distributions of one number, by quadrature or summation with a bound of the error: the difference between two
/// rules, what may lie beyond the points that can be looked at, the rounding of the log densities, and what the masses of p and q, found at
/// the same points, lack of 1.
/// </summary>
internal sealed class LineMeasure(LinePair pair, CancellationToken cancellation)
{
    private const int MaximumStretches = 6000;

    // With masses further off than this the points have missed something, and nothing can be said.
    private const double Unseen = 1e-3;

    // What is as large has left the range of a double on the way.
    private const double Beyond = 1e300;

    // Below this ln S is found by S - 1, which is accurate near 0.
    private const double NearOne = 0.7;

    /// <summary>The value in nats, or without unit.</summary>
    /// <exception cref="NotComputableException">Nothing reliable can be said.</exception>
    public Measurement Find(DensityForm form) => form switch
    {
        TermForm term => Term(term),
        PowerForm power => Power(power),
        SupportForm support => Support(support),
        SupremumForm => new LineSupremum(pair).OfLogRatio(),
        CrossEntropyForm cross => cross.Direction == Direction.Forward ? CrossEntropy(pair) : CrossEntropy(pair.Reversed),
        TransportForm transport => new LineDistance(pair, cancellation).Transport(transport.Order),
        EnergyForm => new LineDistance(pair, cancellation).Energy(),
        LargestGapForm => new LineSupremum(pair).OfGap(),
        _ => throw new InvalidOperationException($"There is no integral for {form}."),
    };

    /// <summary>-E ln p of one distribution.</summary>
    public Measurement Entropy() => CrossEntropy(pair);

    private Measurement Term(TermForm form)
    {
        if (RequireDecided(TailComparison.Of(pair, form.WherePExceeds)) || RequireDecided(TailComparison.Of(pair.Reversed, form.WhereQExceeds)))
            return Infinite();
        var outside = OutsideOf(form.Term);
        if (pair.AreDisjoint) return Exactly(form.Finish(Math.Min(outside, form.Most)));
        var (value, bound) = Integral(PairIntegrands.OfTerm(pair, form.Term), pair.Ruler([]));
        return Finished(form.Finish, Math.Min(form.Most, value + outside), bound + 1e-15 * outside);
    }

    private Measurement Power(PowerForm form)
    {
        var (a, b) = (form.A, form.B);
        // Where p^a q^b grows, nothing but its integral will do; elsewhere it tells whether S - 1 has digits.
        if (RequireDecided(TailComparison.Of(pair, Growth.Power(a))) || RequireDecided(TailComparison.Of(pair.Reversed, Growth.Power(b)))) return Infinite();
        if (pair.AreDisjoint) return Exactly(form.IsLogarithm ? double.PositiveInfinity : -1 / form.Divisor);
        var (log, error) = LogOfPower(a, b);
        if (Math.Abs(log) < NearOne) return NearlyOne(form);
        return form.IsLogarithm ? Finished(x => x / form.Divisor, log, OfLogarithm(error)) : Finished(x => Elementary.Expm1(x) / form.Divisor, log, error);
    }

    private Measurement NearlyOne(PowerForm form)
    {
        var (a, b) = (form.A, form.B);
        double Term(Cell cell) => PowerSum.TermOver(cell, a, b);
        var outside = OutsideOf(Term);
        var (value, bound) = Integral(PairIntegrands.OfTerm(pair, Term), pair.Ruler([]));
        var least = Math.Min(a, b);
        return Finished(scaled => form.IsLogarithm && Math.Abs(scaled * least) > 1e-17 ? Elementary.Log1p(Math.Max(-1, scaled * least)) / form.Divisor : scaled * (least / form.Divisor), value + outside, bound + 1e-15 * Math.Abs(outside));
    }

    // How far a logarithm may be off below, which is farther than above, for an argument that is so far off as a part of itself.
    private static double OfLogarithm(double error) => error < 1 ? -Elementary.Log1p(-error) : double.PositiveInfinity;

    // ln of the integral of p^a q^b, and how far off that is as a part of itself, in units of its largest stretch; its peak need not be where p or q have theirs.
    private (double Log, double Error) LogOfPower(double a, double b)
    {
        var isEverywhere = a < 0 || b < 0;
        var (peak, height) = LineSupremum.Highest(pair.Ruler([], isEverywhere), x => PairIntegrands.LogPower(pair, a, b, x), weighted: true);
        if (double.IsInfinity(height)) return (height, 0);
        var (value, bound) = Integral(PairIntegrands.OfPower(pair, a, b, height), pair.Ruler([peak], isEverywhere));
        return value > 0 ? (height + Math.Log(value), bound / value) : throw Unresolved("what p and q have in common is too small to be seen");
    }

    private Measurement Support(SupportForm form)
    {
        if (pair.AreDisjoint) return Exactly(form.IsLogarithm ? double.PositiveInfinity : 1);
        var (value, bound) = (pair.OutsideP, 1e-14 * pair.OutsideP);
        if (pair.IsDiscrete)
        {
            // Integers inside p's support may have no probability either.
            var (inside, error) = Integral(PairIntegrands.OfTerm(pair, static cell => cell.IsPossibleForP ? 0 : cell.Q), pair.Ruler([]));
            (value, bound) = (value + inside, bound + error);
        }

        if (!form.IsLogarithm) return Finished(static x => x, value, bound);
        if (value < 0.5) return Finished(static x => -Elementary.Log1p(-x), value, bound);
        var (log, logError) = LogOfPower(0, 1);
        return Finished(static x => -x, log, OfLogarithm(logError));
    }

    private Measurement CrossEntropy(LinePair ordered)
    {
        if (RequireDecided(TailComparison.Of(ordered, Growth.Logarithm))) return Infinite();
        var part = AdaptiveIntegral.Measure(ordered.Ruler([]), PairIntegrands.OfCross(ordered), MaximumStretches, cancellation);
        var lost = Lost(part.P, ordered.OutsideQ, part.MassError);
        if (part.Value > Beyond) return Infinite();
        return new Measurement(part.Value, Method, part.Error + part.Rounding + lost * (1 + part.Size));
    }

    private (double Value, double Bound) Integral(Integrand integrand, Ruler ruler)
    {
        var part = AdaptiveIntegral.Measure(ruler, integrand, MaximumStretches, cancellation);
        if (double.IsNaN(part.Value)) throw Unresolved("a density is not a number somewhere");
        var lost = Lost(part.P, pair.OutsideQ, part.MassError) + Lost(part.Q, pair.OutsideP, part.MassError);
        return (part.Value, part.Error + part.Rounding + lost * (1 + part.Size));
    }

    // What the points have not seen of a distribution, beyond what the errors of the masses explain.
    private static double Lost(double seen, double outside, double error)
    {
        var lost = Math.Max(0, Math.Abs(1 - outside - seen) - error - 1e-10);
        return lost <= Unseen ? lost : throw Unresolved($"of a probability of {1 - outside:G4} the points of quadrature see {seen:G4}");
    }

    // Of all that only one of them can give.
    private double OutsideOf(Func<Cell, double> term) =>
        Weighted(pair.OutsideQ, new Cell(1, 0, -1), term) + Weighted(pair.OutsideP, new Cell(0, 1, 1), term);

    private static double Weighted(double mass, Cell cell, Func<Cell, double> term) => mass == 0 ? 0 : mass * term(cell);

    private Measurement Finished(Func<double, double> finish, double value, double bound)
    {
        var finished = finish(value);
        var error = Math.Max(Math.Abs(finish(value + bound) - finished), Math.Abs(finish(Math.Max(value - bound, Math.Min(value, 0))) - finished));
        if (finished > Beyond) return Infinite();
        if (!double.IsFinite(error)) throw Unresolved("no bound of the error can be given");
        return new Measurement(Math.Max(0, finished), Method, error + 1e-15 * Math.Abs(finished));
    }

    private Method Method => pair.IsDiscrete ? Method.Summation : Method.Quadrature;

    private Measurement Exactly(double value) => new(value, Method, double.IsInfinity(value) ? null : 0);

    private Measurement Infinite() => Exactly(double.PositiveInfinity);

    private static bool RequireDecided(Convergence convergence) => convergence switch
    {
        Convergence.Finite => false,
        Convergence.Infinite => true,
        _ => throw new NotComputableException("undecided", "Whether this is finite hangs on terms of the tails that nearly cancel; it cannot be told apart from numbers of 16 digits."),
    };

    private static NotComputableException Unresolved(string why) =>
        new("not-resolved", $"The densities cannot be resolved at points of 16 digits: {why}.");
}
