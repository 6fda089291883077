using KlCore.Numerics;

namespace KlCore.Estimation;

/// <summary>
/// The selections that standard errors and p-values come from, each addressed by the seed and its number alone: which threads find the statistic of
/// it, and in which order, changes nothing.
/// </summary>
/// <param name="countX">How many points x has: places 0, 1, ….</param>
/// <param name="countY">How many points y has: the places after those of x. For pairs, as many as x.</param>
/// <param name="isPaired">Whether row i of x belongs to row i of y; both then have the same places.</param>
/// <param name="seed">From which all of them follow.</param>
internal sealed class Selections(int countX, int countY, bool isPaired, long seed)
{
    /// <summary>The smaller of both numbers of points.</summary>
    public int Least => countY == 0 ? countX : Math.Min(countX, countY);

    private int FirstOfY => isPaired ? 0 : countX;

    /// <summary>All points.</summary>
    public (int[] X, int[] Y) All() => ([.. Enumerable.Range(0, countX)], [.. Enumerable.Range(FirstOfY, countY)]);

    /// <summary>How many points of each a part has that is so large a share of the whole.</summary>
    public (int X, int Y) Sizes(double share) => (Size(countX, share), isPaired ? Size(countX, share) : Size(countY, share));

    /// <summary>A part of each sample, drawn without repetition.</summary>
    public (int[] X, int[] Y) Part(int number, double share)
    {
        var random = new RandomStream(seed, number, "subsample");
        var (sizeX, sizeY) = Sizes(share);
        var x = Choose(random, 0, countX, sizeX);
        return (x, isPaired ? x : Choose(random, countX, countY, sizeY));
    }

    /// <summary>As many points of each sample, drawn with repetition.</summary>
    public (int[] X, int[] Y) Redrawn(int number)
    {
        var random = new RandomStream(seed, number, "bootstrap");
        var x = Redraw(random, 0, countX);
        return (x, isPaired ? x : Redraw(random, countX, countY));
    }

    /// <summary>All points but every <paramref name="groups"/>th of a random order.</summary>
    public (int[] X, int[] Y) Without(int group, int groups)
    {
        // The same stream for every group, so that each point is left out once.
        var random = new RandomStream(seed, 0, "jackknife");
        var x = Leave(random, 0, countX, group, groups);
        return (x, isPaired ? x : Leave(random, countX, countY, group, groups));
    }

    /// <summary>The points exchanged between the samples at random; of pairs, y in another order.</summary>
    public (int[] X, int[] Y) Exchanged(int number)
    {
        var random = new RandomStream(seed, number, "permutation");
        if (isPaired)
        {
            int[] y = [.. Enumerable.Range(0, countY)];
            random.Shuffle<int>(y);
            return ([.. Enumerable.Range(0, countX)], y);
        }

        int[] all = [.. Enumerable.Range(0, countX + countY)];
        random.Shuffle<int>(all);
        return (all[..countX], all[countX..]);
    }

    private static int Size(int count, double share) => count == 0 ? 0 : Math.Clamp((int)Math.Round(share * count), 1, count);

    // Floyd's choice: as many draws as are chosen, however many there are to choose from.
    private static int[] Choose(RandomStream random, int first, int count, int size)
    {
        if (size * 4L > count)
        {
            int[] all = [.. Enumerable.Range(first, count)];
            random.Shuffle<int>(all);
            return all[..size];
        }

        var chosen = new HashSet<int>(size);
        for (var last = count - size; last < count; last++)
            if (!chosen.Add(random.NextIndex(last + 1))) chosen.Add(last);
        int[] places = [.. chosen.Order()];
        for (var i = 0; i < size; i++) places[i] += first;
        return places;
    }

    private static int[] Redraw(RandomStream random, int first, int count)
    {
        var places = new int[count];
        for (var i = 0; i < count; i++) places[i] = first + random.NextIndex(count);
        return places;
    }

    private static int[] Leave(RandomStream random, int first, int count, int group, int groups)
    {
        int[] all = [.. Enumerable.Range(first, count)];
        random.Shuffle<int>(all);
        return [.. all.Where((_, place) => place % groups != group)];
    }
}
