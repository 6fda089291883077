using KlCore;

namespace KlApi.Baselines;

/// <summary>What a baseline may be called. The name is never part of a path of the disk, but it is one of URLs and of file names of downloads.</summary>
internal static class BaselineName
{
    /// <summary>Refuses what no baseline is called.</summary>
    public static void Check(string name, Problems problems, string field)
    {
        if (!Is(name)) problems.Add(field, "must have 1 to 100 characters of A-Z, a-z, 0-9, '.', '_' and '-', and not begin with '.'");
    }

    /// <summary>Whether a baseline could be called so.</summary>
    public static bool Is(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
