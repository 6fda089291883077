using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Distributions.Integration;

/// <summary>
/// A measure between two mixtures of Gaussians in the plane, by adaptive cubature: every cell is measured by the products of Gauss's 7 and
/// Kronrod's 15 points, and halved across the axis along which the two disagree more until all is well. Beyond 13 standard deviations from
/// every component there is less than 1e-36 of the mass of either, which counts towards the bound with the largest logarithm there.
/// </summary>
internal sealed class PlaneMeasure
{
    private const double Reach = 13;
    private const double Tolerance = 1e-11;
    private const int MaximumCells = 40_000;
    private const int MaximumRounds = 40;
    private const double Epsilon = 4.5e-16;

    private static readonly double[] Steps = [-Reach, -4, 0, 4, Reach];

    private readonly MixtureDensity _p;
    private readonly MixtureDensity _q;
    private readonly CancellationToken _cancellation;

    public PlaneMeasure(GaussianMixture p, GaussianMixture q, CancellationToken cancellation) =>
        (_p, _q, _cancellation) = (MixtureDensity.Of(p), MixtureDensity.Of(q), cancellation);

    /// <summary>The value in nats, or without unit; null where a cubature cannot give it.</summary>
    public Measurement? Find(DensityForm form)
    {
        switch (form)
        {
            case TermForm { WherePExceeds.Order: <= 1, WhereQExceeds.Order: <= 1 } term:
                return Finished(Integrate(term.Term), value => term.Finish(Math.Min(value, term.Most)));
            case PowerForm { A: > 0, B: > 0 } power:
                var least = Math.Min(power.A, power.B);
                var scaled = Integrate(cell => -PowerSum.TermOver(cell, power.A, power.B));
                return Finished(scaled, value => power.IsLogarithm ? Elementary.Log1p(Math.Max(-1, -value * least)) / power.Divisor : -value * (least / power.Divisor));
            default:
                return null;
        }
    }

    /// <summary>-E ln p.</summary>
    public Measurement Entropy()
    {
        var total = Adapt((logP, _) => logP < -1e4 ? 0 : -logP * Math.Exp(logP), (logP, _) => Math.Exp(logP) * Epsilon * (4 + Math.Abs(logP)) * (1 + Math.Abs(logP)));
        return new Measurement(total.Value, Method.Quadrature, total.Error + total.Rounding + 1e-30);
    }

    private Tile Integrate(Func<Divergences.Cell, double> term)
    {
        return Adapt(Value, (logP, logQ) => Rounding(Value, logP, logQ));

        double Value(double logP, double logQ)
        {
            var value = term(Divergences.Cell.OfLogarithms(logP, logQ, out var scale));
            return value == 0 || scale < -1e4 ? 0 : Math.Sign(value) * Math.Exp(scale + Math.Log(Math.Abs(value)));
        }
    }

    private static double Rounding(Func<double, double, double> value, double logP, double logQ)
    {
        var error = Epsilon * (8 + Math.Abs(logP) + Math.Abs(logQ));
        var at = value(logP, logQ);
        var moved = logQ <= logP ? value(logP, logQ - error) : value(logP - error, logQ);
        return Math.Abs(moved - at) + Math.Abs(at) * Epsilon * (8 + Math.Abs(Math.Max(logP, logQ)));
    }

    private static Measurement? Finished(Tile total, Func<double, double> finish)
    {
        var lost = Math.Abs(1 - total.P) + Math.Abs(1 - total.Q);
        // Cells that have missed a component show it by its mass; nothing can be said then.
        if (!(lost < 1e-3) || double.IsNaN(total.Value)) return null;
        var (value, bound) = (Math.Max(0, total.Value), total.Error + total.Rounding + Math.Max(0, lost - 1e-11) * (1 + Math.Abs(total.Value)) + 1e-30);
        var finished = finish(value);
        if (!double.IsFinite(finished)) return null;
        var error = Math.Max(Math.Abs(finish(value + bound) - finished), Math.Abs(finish(Math.Max(0, value - bound)) - finished));
        return double.IsFinite(error) ? new Measurement(Math.Max(0, finished), Method.Quadrature, error) : null;
    }

    private Tile Adapt(Func<double, double, double> value, Func<double, double, double> rounding)
    {
        var (xs, ys) = (Grid(0), Grid(1));
        var cells = new List<Tile>();
        for (var i = 1; i < xs.Count; i++)
        {
            for (var j = 1; j < ys.Count; j++) cells.Add(Measure(xs[i - 1], xs[i], ys[j - 1], ys[j], value, rounding));
        }

        for (var round = 0; round < MaximumRounds; round++)
        {
            var total = Total(cells);
            var (enough, enoughMass) = (Tolerance * Math.Abs(total.Value), 1e-9);
            if ((total.Error <= enough && total.MassError <= enoughMass) || cells.Count > MaximumCells) break;
            var refined = new List<Tile>(cells.Count);
            foreach (var cell in cells)
            {
                _cancellation.ThrowIfCancellationRequested();
                var isFine = cell.Error <= Math.Max(0.5 * enough / cells.Count, 2 * cell.Rounding) && cell.MassError <= 0.5 * enoughMass / cells.Count;
                if (isFine) refined.Add(cell);
                else refined.AddRange(Halves(cell, value, rounding));
            }

            if (refined.Count == cells.Count) break;
            cells = refined;
        }

        return Total(cells);
    }

    private IEnumerable<Tile> Halves(Tile cell, Func<double, double, double> value, Func<double, double, double> rounding)
    {
        var (x, y) = ((cell.Left + cell.Right) / 2, (cell.Bottom + cell.Top) / 2);
        if (cell.IsRougherAlongX)
        {
            yield return Measure(cell.Left, x, cell.Bottom, cell.Top, value, rounding);
            yield return Measure(x, cell.Right, cell.Bottom, cell.Top, value, rounding);
        }
        else
        {
            yield return Measure(cell.Left, cell.Right, cell.Bottom, y, value, rounding);
            yield return Measure(cell.Left, cell.Right, y, cell.Top, value, rounding);
        }
    }

    private Tile Measure(double left, double right, double bottom, double top, Func<double, double, double> value, Func<double, double, double> rounding)
    {
        var (cx, hx, cy, hy) = ((left + right) / 2, (right - left) / 2, (bottom + top) / 2, (top - bottom) / 2);
        double full = 0, coarseX = 0, coarseY = 0, round = 0, p = 0, q = 0, coarseP = 0, coarseQ = 0;
        Span<double> point = stackalloc double[2];
        for (var i = 0; i < GaussKronrod.PointCount; i++)
        {
            var (nodeX, weightX, gaussX) = GaussKronrod.Point(i);
            point[0] = cx + hx * nodeX;
            for (var j = 0; j < GaussKronrod.PointCount; j++)
            {
                var (nodeY, weightY, gaussY) = GaussKronrod.Point(j);
                point[1] = cy + hy * nodeY;
                var (logP, logQ) = (_p.LogDensity(point), _q.LogDensity(point));
                var (here, weight) = (value(logP, logQ), weightX * weightY);
                full += weight * here;
                coarseX += gaussX * weightY * here;
                coarseY += weightX * gaussY * here;
                round += weight * rounding(logP, logQ);
                var (densityP, densityQ) = (Math.Exp(logP), Math.Exp(logQ));
                (p, q) = (p + weight * densityP, q + weight * densityQ);
                (coarseP, coarseQ) = (coarseP + gaussX * gaussY * densityP, coarseQ + gaussX * gaussY * densityQ);
            }
        }

        var area = hx * hy;
        var (alongX, alongY) = (Math.Abs(full - coarseX), Math.Abs(full - coarseY));
        return new Tile(left, right, bottom, top, area * full, area * (alongX + alongY), area * round, area * p, area * q, area * (Math.Abs(p - coarseP) + Math.Abs(q - coarseQ)), alongX == alongY ? hx >= hy : alongX > alongY);
    }

    private static Tile Total(List<Tile> cells)
    {
        var total = default(Tile);
        foreach (var cell in cells)
        {
            total = total with
            {
                Value = total.Value + cell.Value,
                Error = total.Error + cell.Error,
                Rounding = total.Rounding + cell.Rounding,
                P = total.P + cell.P,
                Q = total.Q + cell.Q,
                MassError = total.MassError + cell.MassError,
            };
        }

        return total;
    }

    // Lines through every component at a few deviations, but not nearer to each other than is of use.
    private List<double> Grid(int axis)
    {
        var breaks = new List<Break>();
        foreach (var mixture in new[] { _p, _q })
        {
            for (var k = 0; k < mixture.Components; k++)
            {
                if (mixture.Weights[k] == 0) continue;
                var factor = mixture.Factor(k);
                var deviation = axis == 0 ? factor[0] : Math.Sqrt(factor[2] * factor[2] + factor[3] * factor[3]);
                foreach (var step in Steps) breaks.Add(new Break(mixture.Means[2 * k + axis] + step * deviation, 2 * deviation));
            }
        }

        var ends = new List<double>();
        Break.Merge(breaks, ends);
        return ends;
    }

    private readonly record struct Tile(
        double Left, double Right, double Bottom, double Top, double Value, double Error, double Rounding, double P, double Q, double MassError, bool IsRougherAlongX);
}
