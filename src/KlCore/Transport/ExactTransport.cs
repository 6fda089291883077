using KlCore.Numerics;

namespace KlCore.Transport;

/// <summary>
/// The exact minimum cost of moving p to q, by successive shortest paths with potentials. What both have in common stays where it is at
/// first, which costs nothing and is optimal for its amount; only the differences are then sent, so that a small distance is as accurate
/// as a large one. Paths may move the common mass out of the way, as squared distances need.
/// Source: R. Ahuja, T. Magnanti and J. Orlin, Network Flows (1993), section 9.7.
/// </summary>
internal sealed class ExactTransport
{
    private const int None = -1;

    private readonly int _count;
    private readonly double[,] _cost;
    private readonly double[,] _flow;
    private readonly double[] _excess;
    private readonly double[] _potential;
    private readonly double[] _distance;
    private readonly int[] _parent;
    private readonly bool[] _done;

    // Node i < n is a source of p, node n + j a sink of q.
    private ExactTransport(ReadOnlySpan<double> p, ReadOnlySpan<double> difference, double[,] cost)
    {
        (_count, _cost) = (p.Length, cost);
        (_flow, _excess) = (new double[_count, _count], new double[2 * _count]);
        (_potential, _distance, _parent, _done) = (new double[2 * _count], new double[2 * _count], new int[2 * _count], new bool[2 * _count]);
        for (var i = 0; i < _count; i++)
        {
            _flow[i, i] = Math.Min(p[i], p[i] + difference[i]);
            if (difference[i] < 0) _excess[i] = -difference[i];
            else _excess[_count + i] = -difference[i];
        }
    }

    /// <summary>The least total of cost times mass moved.</summary>
    /// <param name="p">Where the mass is.</param>
    /// <param name="difference">What each place is to have more; sums to 0.</param>
    /// <param name="cost">Of one unit from place to place; 0 on the diagonal and at least 0 elsewhere.</param>
    /// <param name="cancellation">Looked at between paths.</param>
    public static double Cost(ReadOnlySpan<double> p, ReadOnlySpan<double> difference, double[,] cost, CancellationToken cancellation = default)
    {
        var transport = new ExactTransport(p, difference, cost);
        while (transport.FindPath() is var sink and not None)
        {
            cancellation.ThrowIfCancellationRequested();
            transport.Send(sink);
        }

        return transport.Total();
    }

    private double Total()
    {
        var sum = new CompensatedSum();
        for (var i = 0; i < _count; i++)
        {
            for (var j = 0; j < _count; j++)
            {
                if (i != j && _flow[i, j] > 0) sum.Add(_cost[i, j] * _flow[i, j]);
            }
        }

        return sum.Value;
    }

    /// <summary>The nearest sink that still needs mass, by Dijkstra over reduced costs from all sources that have some left.</summary>
    private int FindPath()
    {
        for (var v = 0; v < 2 * _count; v++) (_distance[v], _parent[v], _done[v]) = (_excess[v] > 0 ? 0 : double.PositiveInfinity, None, false);
        while (true)
        {
            var nearest = Nearest();
            if (nearest == None) return None;
            _done[nearest] = true;
            if (_excess[nearest] < 0) return Settle(nearest);
            if (nearest < _count) RelaxForward(nearest);
            else RelaxBackward(nearest - _count);
        }
    }

    private int Nearest()
    {
        var (nearest, best) = (None, double.PositiveInfinity);
        for (var v = 0; v < 2 * _count; v++)
        {
            if (!_done[v] && _distance[v] < best) (nearest, best) = (v, _distance[v]);
        }

        return nearest;
    }

    private void RelaxForward(int i)
    {
        for (var j = 0; j < _count; j++) Relax(i, _count + j, _cost[i, j]);
    }

    private void RelaxBackward(int j)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_flow[i, j] > 0) Relax(_count + j, i, -_cost[i, j]);
        }
    }

    // Rounding can make a reduced cost of 0 come out slightly negative.
    private void Relax(int from, int to, double cost)
    {
        var reached = _distance[from] + Math.Max(0, cost + _potential[from] - _potential[to]);
        if (_done[to] || !(reached < _distance[to])) return;
        (_distance[to], _parent[to]) = (reached, from);
    }

    private int Settle(int sink)
    {
        var reach = _distance[sink];
        for (var v = 0; v < 2 * _count; v++) _potential[v] += Math.Min(_distance[v], reach);
        return sink;
    }

    private void Send(int sink)
    {
        var amount = -_excess[sink];
        var source = sink;
        for (var v = sink; _parent[v] != None; v = source)
        {
            source = _parent[v];
            if (source >= _count) amount = Math.Min(amount, _flow[v, source - _count]);
        }

        amount = Math.Min(amount, _excess[source]);
        for (var v = sink; _parent[v] != None; v = _parent[v])
        {
            var from = _parent[v];
            if (from < _count) _flow[from, v - _count] += amount;
            else _flow[v, from - _count] -= amount;
        }

        _excess[source] -= amount;
        _excess[sink] += amount;
    }
}
