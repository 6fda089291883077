namespace KlCore.Transport;

/// <summary>The solution of a transport problem.</summary>
/// <param name="Cost">The least total of cost times mass moved.</param>
/// <param name="ErrorBound">
/// By how much it may be too large: what all arcs with flow cost beyond the prices of a solution of the dual problem, which no plan is cheaper than.
/// </param>
internal readonly record struct ExactTransport(double Cost, double ErrorBound)
{
    /// <summary>Costs that are kept: 134 MB.</summary>
    public const int MostCosts = 1 << 24;

    /// <summary>From sources to sinks that have as much in total, all masses positive.</summary>
    /// <param name="supplies">The mass of each source; whole numbers are added and subtracted without rounding.</param>
    /// <param name="demands">The mass of each sink.</param>
    /// <param name="costs">Of one unit from each source to each sink, at least 0, source by source.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    public static ExactTransport Solve(double[] supplies, double[] demands, double[] costs, CancellationToken cancellation)
    {
        var simplex = new NetworkSimplex(supplies.Length, demands.Length, costs);
        for (var i = 0; i < supplies.Length; i++) simplex.Tree.Attach(i, simplex.Tree.Root, supplies[i]);
        for (var j = 0; j < demands.Length; j++) simplex.Tree.Attach(supplies.Length + j, simplex.Tree.Root, demands[j]);
        return simplex.Solve(cancellation);
    }

    /// <summary>
    /// From p to q = p + d over the same places. What both have in common stays where it is at first, which costs nothing; where the cost is a distance it
    /// may stay for good, and else the simplex may move it. So only differences are sent, and a small result is as accurate as a large one.
    /// </summary>
    /// <param name="p">Where the mass is.</param>
    /// <param name="difference">What each place is to have more; sums to 0.</param>
    /// <param name="cost">Of one unit from place to place; 0 on the diagonal and at least 0 elsewhere.</param>
    /// <param name="isDistance">Whether no way over a third place is cheaper.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    public static ExactTransport Between(ReadOnlySpan<double> p, ReadOnlySpan<double> difference, Func<int, int, double> cost, bool isDistance, CancellationToken cancellation)
    {
        var (sources, sinks) = (new List<int>(), new List<int>());
        for (var i = 0; i < p.Length; i++)
        {
            if (isDistance ? difference[i] < 0 : p[i] > 0) sources.Add(i);
            if (isDistance ? difference[i] > 0 : p[i] + difference[i] > 0) sinks.Add(i);
        }

        if (sources.Count == 0 || sinks.Count == 0) return new(0, 0);
        var costs = new double[sources.Count * sinks.Count];
        for (var i = 0; i < sources.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var j = 0; j < sinks.Count; j++) costs[i * sinks.Count + j] = sources[i] == sinks[j] ? 0 : cost(sources[i], sinks[j]);
        }

        var simplex = new NetworkSimplex(sources.Count, sinks.Count, costs);
        var place = new int[p.Length];
        Array.Fill(place, SpanningTree.None);
        for (var j = 0; j < sinks.Count; j++) place[sinks[j]] = sources.Count + j;
        for (var i = 0; i < sources.Count; i++)
        {
            Plant(simplex.Tree, i, place[sources[i]], p[sources[i]], difference[sources[i]]);
            place[sources[i]] = SpanningTree.None;
        }

        foreach (var i in sinks)
        {
            if (place[i] != SpanningTree.None) simplex.Tree.Attach(place[i], simplex.Tree.Root, difference[i]);
        }

        return simplex.Solve(cancellation);
    }

    /// <summary>A source, and the sink of the same place if that is one, with the arc between them; what is too much or too little goes through the root.</summary>
    private static void Plant(SpanningTree tree, int source, int sink, double mass, double difference)
    {
        if (sink == SpanningTree.None)
        {
            tree.Attach(source, tree.Root, -difference);
        }
        else if (difference <= 0)
        {
            tree.Attach(source, tree.Root, -difference);
            tree.Attach(sink, source, mass + difference);
        }
        else
        {
            tree.Attach(sink, tree.Root, difference);
            tree.Attach(source, sink, mass);
        }
    }
}
