using KlCore.Divergences;
using KlCore.Numerics;

namespace KlCore.Transport;

/// <summary>Optimal transport between distributions on a line, where the best coupling keeps the order.</summary>
internal static class LineTransport
{
    /// <summary>W_1 = integral of |G - F|.</summary>
    public static double First(Cumulative cumulative) => Math.ScaleB(Integral(cumulative, Math.Abs), cumulative.Exponent);

    /// <summary>The integral of a function of G - F, in the unit of the coordinates.</summary>
    public static double Integral(Cumulative cumulative, Func<double, double> function)
    {
        var (x, difference) = (cumulative.Coordinates, cumulative.Difference);
        var sum = new CompensatedSum();
        for (var k = 0; k + 1 < x.Length; k++)
        {
            var value = function(difference[k]);
            if (value != 0) sum.Add(value * (x[k + 1] - x[k]));
        }

        return sum.Value;
    }

    /// <summary>
    /// W_2 by the coupling that keeps the order: masses are taken off both sides from the left, to 32 digits, so that what is left of a
    /// category after its common part is the difference q - p itself.
    /// </summary>
    public static double Second(Pair pair)
    {
        var (points, exponent) = ScaledPoints.Of(pair.Positions);
        var order = Enumerable.Range(0, pair.Count).OrderBy(i => points[i][0]).ToArray();
        var width = points[order[^1]][0] - points[order[0]][0];
        if (width == 0) return 0;
        var sum = new CompensatedSum();
        var (i, j) = (0, 0);
        var (supply, demand) = (Supply(pair, order[0]), Demand(pair, order[0]));
        while (true)
        {
            var moved = supply < demand ? supply : demand;
            var distance = (points[order[i]][0] - points[order[j]][0]) / width;
            sum.Add(moved.Hi * distance * distance);
            (supply, demand) = (supply - moved, demand - moved);
            if (supply.Hi <= 0 && ++i < order.Length) supply = Supply(pair, order[i]);
            if (demand.Hi <= 0 && ++j < order.Length) demand = Demand(pair, order[j]);
            if (i == order.Length || j == order.Length) return Math.ScaleB(width * Math.Sqrt(sum.Value), exponent);
        }
    }

    private static DoubleDouble Supply(Pair pair, int index) => pair.P[index];

    private static DoubleDouble Demand(Pair pair, int index) => DoubleDouble.Sum(pair.P[index], pair.Difference[index]);
}
