namespace KlCore.Transport;

/// <summary>
/// A tree over sources, sinks and a root above all, with the flow on the arc between each node and its parent and a potential at each node.
/// An arc goes from a source and to a sink, so which way it goes between child and parent is known from the child. Children hang in lists that
/// are linked both ways: to hang a part of the tree elsewhere takes no longer than to walk through that part.
/// </summary>
internal sealed class SpanningTree
{
    public const int None = -1;

    private readonly int _sources;
    private readonly int[] _parent;
    private readonly int[] _firstChild;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _depth;
    private readonly int[] _stack;

    public SpanningTree(int sources, int sinks)
    {
        (_sources, Root) = (sources, sources + sinks);
        (_parent, _firstChild, _next, _previous) = (Links(), Links(), Links(), Links());
        (_depth, _stack) = (new int[Root + 1], new int[Root + 1]);
        (Flow, Potential) = (new double[Root], new double[Root]);
    }

    /// <summary>The node above all: sources are 0, 1, …, sinks follow them, the root comes last.</summary>
    public int Root { get; }

    /// <summary>How much goes over the arc between each node and its parent.</summary>
    public double[] Flow { get; }

    /// <summary>What it is worth to have a unit at each node: no arc of the tree is worth more or less than it costs.</summary>
    public double[] Potential { get; }

    /// <summary>The node above one.</summary>
    public int Parent(int node) => _parent[node];

    /// <summary>Whether the arc between a node and its parent goes up.</summary>
    public bool IsUp(int node) => node < _sources;

    /// <summary>Hangs a node below another, that is in the tree already.</summary>
    public void Attach(int node, int parent, double flow)
    {
        (_parent[node], Flow[node], _depth[node]) = (parent, flow, _depth[parent] + 1);
        var first = _firstChild[parent];
        (_next[node], _previous[node], _firstChild[parent]) = (first, None, node);
        if (first != None) _previous[first] = node;
    }

    /// <summary>The lowest node above both.</summary>
    public int Join(int a, int b)
    {
        while (_depth[a] > _depth[b]) a = _parent[a];
        while (_depth[b] > _depth[a]) b = _parent[b];
        while (a != b) (a, b) = (_parent[a], _parent[b]);
        return a;
    }

    /// <summary>
    /// Cuts the tree above one node and hangs what is below by another node of it: every arc between the two is turned over.
    /// </summary>
    /// <param name="cut">The node whose arc to its parent leaves the tree.</param>
    /// <param name="node">What is to be hung, at or below the cut.</param>
    /// <param name="parent">Below what, elsewhere in the tree.</param>
    /// <param name="flow">Of the arc between both.</param>
    public void Rehang(int cut, int node, int parent, double flow)
    {
        while (true)
        {
            var (above, over) = (_parent[node], Flow[node]);
            Detach(node);
            Attach(node, parent, flow);
            if (node == cut) return;
            (parent, node, flow) = (node, above, over);
        }
    }

    /// <summary>Adds to the potentials below a node, its own included: so much at sources and the opposite at sinks. Corrects depths, too.</summary>
    public void Raise(int node, double atSources)
    {
        var (stack, count) = (_stack, 0);
        stack[count++] = node;
        while (count > 0)
        {
            var v = stack[--count];
            Potential[v] += v < _sources ? atSources : -atSources;
            _depth[v] = _depth[_parent[v]] + 1;
            for (var child = _firstChild[v]; child != None; child = _next[child]) stack[count++] = child;
        }
    }

    /// <summary>Finds all potentials anew from the costs of arcs, by source and sink; those of arcs with the root cost as told.</summary>
    public void FindPotentials(Func<int, int, double> cost, double rootCost)
    {
        var (stack, count) = (_stack, 0);
        stack[count++] = Root;
        while (count > 0)
        {
            var v = stack[--count];
            for (var child = _firstChild[v]; child != None; child = _next[child])
            {
                if (v == Root) Potential[child] = rootCost;
                else Potential[child] = (child < _sources ? cost(child, v) : cost(v, child)) - Potential[v];
                stack[count++] = child;
            }
        }
    }

    private void Detach(int node)
    {
        var (previous, next) = (_previous[node], _next[node]);
        if (previous == None) _firstChild[_parent[node]] = next;
        else _next[previous] = next;
        if (next != None) _previous[next] = previous;
    }

    private int[] Links()
    {
        var links = new int[Root + 1];
        Array.Fill(links, None);
        return links;
    }
}
