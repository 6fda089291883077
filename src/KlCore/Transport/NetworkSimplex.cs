using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using KlCore.Numerics;

namespace KlCore.Transport;

/// <summary>
/// The simplex method on the network of a transport problem: a spanning tree carries the flow; an arc that costs less than it is worth enters the tree,
/// flow is sent around the circle that it closes, and an arc that is emptied by this leaves. Trees are kept strongly feasible (an empty arc goes
/// up to the root), for which the last emptied arc of the circle leaves, so that no tree comes twice. The arc that enters is the best one of some rows of
/// costs, those after the rows that the last came from.
/// Source: R. Ahuja, T. Magnanti and J. Orlin, Network Flows (1993), chapter 11; P. Kovács, Optimization Methods and Software 30 (2015).
/// </summary>
internal sealed class NetworkSimplex
{
    /// <summary>So many costs are looked at for an arc to enter, times the root of how many there are.</summary>
    private const double BlockFactor = 2;

    /// <summary>What an arc must gain at least, in parts of the largest cost: less can be rounding.</summary>
    private const double LeastGain = 2e-15;

    private readonly int _sources;
    private readonly int _sinks;
    private readonly double[] _costs;
    private readonly double _largest;
    private readonly SpanningTree _tree;
    private int _row;

    /// <summary>Starts with everything that goes through the root, at a price that no arc of the network has; then add the nodes.</summary>
    /// <param name="sources">How many there are.</param>
    /// <param name="sinks">How many there are.</param>
    /// <param name="costs">From each source to each sink, source by source.</param>
    public NetworkSimplex(int sources, int sinks, double[] costs)
    {
        (_sources, _sinks, _costs, _tree) = (sources, sinks, costs, new SpanningTree(sources, sinks));
        foreach (var cost in costs) _largest = Math.Max(_largest, cost);
    }

    /// <summary>Some thousand times as many as are needed: rounding alone could lead round in a circle.</summary>
    private double MostPivots => 1e4 * (_sources + _sinks);

    /// <summary>How many arcs have entered.</summary>
    private int Pivots { get; set; }

    /// <summary>The tree.</summary>
    public SpanningTree Tree => _tree;

    /// <summary>Improves the tree until no arc can; in the end by potentials that were found anew, since those at hand have been added to many times.</summary>
    public ExactTransport Solve(CancellationToken cancellation)
    {
        for (int before = -1; before < Pivots && Pivots <= MostPivots;)
        {
            before = Pivots;
            _tree.FindPotentials((source, sink) => _costs[source * _sinks + sink - _sources], _largest);
            while (Pivots <= MostPivots && FindEntering(cancellation) is var (source, sink) && source >= 0) Pivot(source, _sources + sink);
        }

        if (Pivots > MostPivots) throw new NotComputableException("not-converged", "Rounding kept the best plan from being found; positions that differ less in size help.");
        _tree.FindPotentials((source, sink) => _costs[source * _sinks + sink - _sources], _largest);
        return Answer();
    }

    /// <summary>
    /// The cost of the flow, and what it costs beyond the prices: those of sinks, lowered by what the arc that gains most would gain, and for each source the
    /// highest that no arc exceeds. All terms are at least 0; what goes through the root is what the masses did not add up by.
    /// </summary>
    private ExactTransport Answer()
    {
        CompensatedSum cost = new(), excess = new();
        var prices = new double[_sources];
        for (var i = 0; i < _sources; i++) prices[i] = -Largest(_tree.Potential.AsSpan(_sources), _costs.AsSpan(i * _sinks, _sinks));
        for (var node = 0; node < _tree.Root; node++)
        {
            var (parent, flow) = (_tree.Parent(node), _tree.Flow[node]);
            if (parent == _tree.Root || flow == 0) continue;
            var (source, sink) = node < _sources ? (node, parent - _sources) : (parent, node - _sources);
            var each = _costs[source * _sinks + sink];
            if (each > 0) cost.AddProduct(each, flow);
            // A price that equals the potential but for its rounding is no excess on an arc of the tree.
            if (prices[source] < _tree.Potential[source]) excess.Add(flow * Math.Max(0, each - prices[source] - _tree.Potential[_sources + sink]));
        }

        return new(cost.Value, excess.Value + 4e-16 * cost.Value);
    }

    private double Gain(int source, int sink) => _tree.Potential[source] + _tree.Potential[_sources + sink] - _costs[source * _sinks + sink];

    private (int Source, int Sink) FindEntering(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var sinks = _tree.Potential.AsSpan(_sources);
        var block = Math.Max(1, (int)(BlockFactor * Math.Sqrt((double)_sources * _sinks) / _sinks));
        var (best, bestRow, bestDifference) = (LeastGain * _largest, -1, 0.0);
        for (var seen = 1; seen <= _sources; seen++)
        {
            if (++_row >= _sources) _row = 0;
            var difference = Largest(sinks, _costs.AsSpan(_row * _sinks, _sinks));
            if (_tree.Potential[_row] + difference > best) (best, bestRow, bestDifference) = (_tree.Potential[_row] + difference, _row, difference);
            if (bestRow >= 0 && seen % block == 0) break;
        }

        return bestRow < 0 ? (-1, -1) : (bestRow, Where(sinks, _costs.AsSpan(bestRow * _sinks, _sinks), bestDifference));
    }

    private void Pivot(int source, int sink)
    {
        Pivots++;
        var join = _tree.Join(source, sink);
        var (amount, cut, isBelowSource) = FindLeaving(source, sink, join);
        var gain = Gain(source, sink - _sources);
        if (amount > 0)
        {
            for (var v = source; v != join; v = _tree.Parent(v)) _tree.Flow[v] += _tree.IsUp(v) ? -amount : amount;
            for (var v = sink; v != join; v = _tree.Parent(v)) _tree.Flow[v] += _tree.IsUp(v) ? amount : -amount;
        }

        var (node, parent) = isBelowSource ? (source, sink) : (sink, source);
        _tree.Rehang(cut, node, parent, amount);
        _tree.Raise(node, isBelowSource ? -gain : gain);
    }

    /// <summary>The arc of the circle that is emptied first; of several the last one along the flow, as seen from the join.</summary>
    private (double Amount, int Cut, bool IsBelowSource) FindLeaving(int source, int sink, int join)
    {
        var (amount, cut, isBelowSource) = (double.PositiveInfinity, SpanningTree.None, true);
        for (var v = source; v != join; v = _tree.Parent(v))
        {
            if (_tree.IsUp(v) && _tree.Flow[v] < amount) (amount, cut) = (_tree.Flow[v], v);
        }

        for (var v = sink; v != join; v = _tree.Parent(v))
        {
            if (!_tree.IsUp(v) && _tree.Flow[v] <= amount) (amount, cut, isBelowSource) = (_tree.Flow[v], v, false);
        }

        return (amount, cut, isBelowSource);
    }

    /// <summary>The largest difference of a potential and a cost.</summary>
    private static double Largest(ReadOnlySpan<double> potentials, ReadOnlySpan<double> costs)
    {
        var (largest, done) = Lanes512.IsSupported ? Largest<Lanes512>(potentials, costs) : Lanes256.IsSupported ? Largest<Lanes256>(potentials, costs) : (double.NegativeInfinity, 0);
        for (; done < costs.Length; done++) largest = Math.Max(largest, potentials[done] - costs[done]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Largest, int Done) Largest<TLanes>(ReadOnlySpan<double> potentials, ReadOnlySpan<double> costs) where TLanes : struct, ILanes<TLanes>
    {
        ref var potential = ref MemoryMarshal.GetReference(potentials);
        ref var cost = ref MemoryMarshal.GetReference(costs);
        var (first, second) = (TLanes.All(double.NegativeInfinity), TLanes.All(double.NegativeInfinity));
        var start = 0;
        for (; start + 2 * TLanes.Count <= costs.Length; start += 2 * TLanes.Count)
        {
            var (here, next) = ((nuint)start, (nuint)(start + TLanes.Count));
            var a = TLanes.Load(ref potential, here) - TLanes.Load(ref cost, here);
            var b = TLanes.Load(ref potential, next) - TLanes.Load(ref cost, next);
            first = TLanes.Select(TLanes.AtMost(first, a), a, first);
            second = TLanes.Select(TLanes.AtMost(second, b), b, second);
        }

        Span<double> lanes = stackalloc double[TLanes.Count];
        TLanes.Select(TLanes.AtMost(first, second), second, first).Store(ref MemoryMarshal.GetReference(lanes), 0);
        var largest = lanes[0];
        for (var i = 1; i < lanes.Length; i++) largest = Math.Max(largest, lanes[i]);
        return (largest, start);
    }

    /// <summary>Where it is attained: the subtraction is the same, and so are its bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Where(ReadOnlySpan<double> potentials, ReadOnlySpan<double> costs, double largest)
    {
        ref var potential = ref MemoryMarshal.GetReference(potentials);
        ref var cost = ref MemoryMarshal.GetReference(costs);
        var start = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; start + 8 <= costs.Length; start += 8)
            {
                if (Vector512.EqualsAny(Vector512.LoadUnsafe(ref potential, (nuint)start) - Vector512.LoadUnsafe(ref cost, (nuint)start), Vector512.Create(largest))) break;
            }
        }

        while (potentials[start] - costs[start] != largest) start++;
        return start;
    }
}
