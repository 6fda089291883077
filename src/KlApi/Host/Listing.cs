using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using KlCore;
using Microsoft.AspNetCore.Mvc;

namespace KlApi.Host;

/// <summary>A page of a list, newest first.</summary>
/// <param name="Data">The entries.</param>
/// <param name="HasMore">Whether there are more; <c>?after=</c> with the last id of this page gives them.</param>
internal sealed record Listing<T>(IReadOnlyList<T> Data, bool HasMore)
{
    /// <summary>The page out of one entry more than was asked for, which tells whether there are more.</summary>
    public static Listing<T> Of(IReadOnlyList<T> entries, int limit) =>
        entries.Count > limit ? new Listing<T>([.. entries.Take(limit)], true) : new Listing<T>(entries, false);
}

/// <summary>Which page of a list: the query parameters that all lists have.</summary>
internal sealed record Paging
{
    /// <summary>How many entries at most.</summary>
    [Range(1, 100)]
    [DefaultValue(20)]
    [FromQuery(Name = "limit")]
    [Description("How many entries at most.")]
    public int? Limit { get; init; }

    /// <summary>The id of the last entry of the page before.</summary>
    [FromQuery(Name = "after")]
    [Description("The id of the last entry of the page before.")]
    public string? After { get; init; }

    /// <summary>How many entries to take, checked.</summary>
    public int Count() => Count(Ids.IsWellFormed, "must be the id of an entry");

    /// <summary>How many entries to take of a list whose entries go by other ids.</summary>
    public int Count(Func<string, bool> isId, string wrong)
    {
        var problems = new Problems();
        Bounds.Check(this, problems);
        // Not an id at all: the list after it would be whatever the comparison of texts makes of it.
        if (After is not null && !isId(After)) problems.Add("after", wrong);
        problems.ThrowIfAny();
        return Limit ?? 20;
    }
}
