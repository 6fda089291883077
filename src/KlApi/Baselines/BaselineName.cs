using KlCore;
using KlCore.Training;

namespace KlApi.Baselines;

/// <summary>What a baseline may be called.</summary>
internal static class BaselineName
{
    /// <summary>Refuses what no baseline is called.</summary>
    public static void Check(string name, Problems problems, string field)
    {
        if (!Is(name)) problems.Add(field, LogitsFacts.NameRule);
    }

    /// <summary>Whether a baseline could be called so.</summary>
    public static bool Is(string name) => LogitsFacts.IsName(name);
}
