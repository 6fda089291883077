using KlCore.Numerics;

namespace KlCore.Training.Supervised;

/// <summary>Which examples train and which are held out, class by class.</summary>
internal static class Split
{
    /// <summary>
    /// The given part of each class is held out, rounded so that all together are as near to that part as can be; at least one example of each class that
    /// has two trains.
    /// </summary>
    public static (int[] Training, int[] HeldOut) Stratified(ReadOnlySpan<int> labels, double heldOutFraction, long seed)
    {
        var order = new int[labels.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        new RandomStream(seed, 0, "validation").Shuffle<int>(order);
        var byClass = new Dictionary<int, List<int>>();
        foreach (var example in order)
        {
            if (!byClass.TryGetValue(labels[example], out var members)) byClass.Add(labels[example], members = []);
            members.Add(example);
        }

        var heldOut = new List<int>();
        double owed = 0;
        foreach (var label in byClass.Keys.Order())
        {
            var members = byClass[label];
            // What rounding took from one class the next one gives.
            owed += heldOutFraction * members.Count;
            var count = Math.Clamp((int)Math.Round(owed), 0, Math.Max(0, members.Count - 1));
            owed -= count;
            heldOut.AddRange(members[..count]);
        }

        var isHeldOut = heldOut.ToHashSet();
        return ([.. Enumerable.Range(0, order.Length).Where(example => !isHeldOut.Contains(example))], [.. heldOut.Order()]);
    }
}
