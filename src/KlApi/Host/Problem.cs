using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace KlApi.Host;

/// <summary>An error as RFC 9457 words it.</summary>
public sealed record Problem
{
    /// <summary>Identifies the kind of problem: <c>urn:klservice:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The status' own words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong with this very request.</summary>
    public required string Detail { get; init; }

    /// <summary>One stable kebab-case word to switch on.</summary>
    public required string Code { get; init; }

    /// <summary>Finds this request in the log.</summary>
    public required string TraceId { get; init; }

    /// <summary>For bad input: every failure by the JSON pointer of the value that caused it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    internal static Problem Of(HttpContext context, int status, string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null) => new()
    {
        Type = $"urn:klservice:problem:{code}",
        Title = ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error",
        Status = status,
        Detail = detail,
        Code = code,
        TraceId = Activity.Current?.Id ?? context.TraceIdentifier,
        Errors = errors,
    };

    /// <summary>What is said of input with these failures, in one sentence.</summary>
    internal static string Summary(KlCore.Problems problems)
    {
        var (pointer, messages) = problems.ByPointer().First();
        var first = $"{(pointer.Length == 0 ? "The request" : pointer)} {messages[0]}.";
        return problems.Total switch
        {
            1 => first,
            <= KlCore.Problems.Limit => $"{first} In all {problems.Total} values are not valid; 'errors' names each.",
            _ => $"{first} In all {problems.Total} values are not valid; 'errors' names the first {KlCore.Problems.Limit}.",
        };
    }
}
