namespace KlCore.Numerics;

/// <summary>An integral and what is known of its error.</summary>
/// <param name="Value">The integral.</param>
/// <param name="ErrorBound">How far off it may be: the difference of two rules on every panel, added up, plus rounding. Infinite when the value is.</param>
public readonly record struct Integral(double Value, double ErrorBound);

/// <summary>Adaptive quadrature by Gauss's 7 and Kronrod's 15 points: the panel with the largest error is halved until all is well.</summary>
/// <remarks>Nodes and weights: Piessens and others, QUADPACK (Springer 1983), routine QK15.</remarks>
public static class GaussKronrod
{
    private static readonly double[] Nodes =
    [
        0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
        0.741531185599394439863864773280788, 0.586087235467691130294144691829399, 0.405845151377397166906606412076961,
        0.207784955007898467600689403773245, 0.0,
    ];

    private static readonly double[] KronrodWeights =
    [
        0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
        0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
        0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
    ];

    private static readonly double[] GaussWeights =
    [
        0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
        0.381830050505118944950369775488975, 0.417959183673469387755102040816327,
    ];

    /// <summary>How many points Kronrod's rule has.</summary>
    internal const int PointCount = 15;

    /// <summary>A point of the rule on [-1, 1], ascending, with its weight, and the one in Gauss's rule, which may be 0.</summary>
    internal static (double Node, double Weight, double GaussWeight) Point(int index)
    {
        var i = index <= 7 ? index : 14 - index;
        return (index <= 7 ? -Nodes[i] : Nodes[i], KronrodWeights[i], i % 2 == 1 ? GaussWeights[i / 2] : 0);
    }

    /// <summary>The integral of <paramref name="function"/> from the first to the last of the ascending <paramref name="breaks"/>.</summary>
    /// <param name="function">Finite on the interval, or the result is infinite.</param>
    /// <param name="breaks">Where panels begin and end at first; place them where the function changes its character.</param>
    /// <param name="relativeTolerance">The error that is good enough, relative to the integral.</param>
    /// <param name="maximumPanels">When to give up; the error bound then says how far it got.</param>
    public static Integral Integrate(Func<double, double> function, IReadOnlyList<double> breaks, double relativeTolerance = 1e-12, int maximumPanels = 4000)
    {
        var queue = new PriorityQueue<Panel, double>();
        var (value, error) = (0.0, 0.0);
        var done = new List<Panel>();
        for (var i = 1; i < breaks.Count; i++) Add(Measure(function, breaks[i - 1], breaks[i]));
        while (queue.Count > 0 && queue.Count + done.Count < maximumPanels && error > relativeTolerance * Math.Abs(value))
        {
            var worst = queue.Dequeue();
            var middle = 0.5 * (worst.From + worst.To);
            if (worst.Error <= 1e-16 * Math.Abs(value) || middle <= worst.From || middle >= worst.To)
            {
                done.Add(worst);
                continue;
            }

            (value, error) = (value - worst.Value, error - worst.Error);
            Add(Measure(function, worst.From, middle));
            Add(Measure(function, middle, worst.To));
        }

        // Added anew, from left to right: the running sums above have seen subtractions.
        var panels = queue.UnorderedItems.Select(item => item.Element).Concat(done).OrderBy(panel => panel.From).ToArray();
        var total = panels.Sum(panel => panel.Value);
        if (!double.IsFinite(total)) return new Integral(double.PositiveInfinity, double.PositiveInfinity);
        return new Integral(total, panels.Sum(panel => panel.Error) + 1e-15 * panels.Sum(panel => Math.Abs(panel.Value)));

        void Add(Panel panel)
        {
            (value, error) = (value + panel.Value, error + panel.Error);
            queue.Enqueue(panel, -panel.Error);
        }
    }

    private static Panel Measure(Func<double, double> function, double from, double to)
    {
        var (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
        var middle = function(centre);
        var (kronrod, gauss) = (KronrodWeights[7] * middle, GaussWeights[3] * middle);
        for (var i = 0; i < 7; i++)
        {
            var pair = function(centre - half * Nodes[i]) + function(centre + half * Nodes[i]);
            kronrod += KronrodWeights[i] * pair;
            if (i % 2 == 1) gauss += GaussWeights[i / 2] * pair;
        }

        return new Panel(from, to, kronrod * half, Math.Abs((kronrod - gauss) * half));
    }

    private readonly record struct Panel(double From, double To, double Value, double Error);
}
