using KlApi.Host;
using KlCore;
using KlCore.Divergences;

namespace KlApi.Divergences;

/// <summary>What a batch answers, one outcome for each pair or candidate, in their order.</summary>
/// <param name="Results">Answers and problems.</param>
public sealed record BatchAnswer([property: Elements(typeof(ComparisonAnswer), typeof(FailedComparison))] IReadOnlyList<object> Results);

/// <summary>One pair of a batch that could not be measured; the others are not affected.</summary>
/// <param name="Error">What is wrong with it; pointers are those of the whole request.</param>
public sealed record FailedComparison(Problem Error);

/// <summary>One reference against many candidates; the reference is read and prepared once.</summary>
internal static class Candidates
{
    public static BatchAnswer Compare(double[] p, double[][] candidates, ComparisonOptions options, Refusals refusals, CancellationToken cancellation)
    {
        var problems = new Problems();
        var how = options.Interpretation();
        how.Check(problems);
        options.CheckOptions(problems);
        var reference = MassFunction.TryRead(p, problems.Any ? new Interpretation { Input = how.Input } : how, problems.At("p"));
        how.Positions?.Check(p.Length, problems.At("positions"));
        problems.ThrowIfAny();

        var results = new object[candidates.Length];
        for (var i = 0; i < results.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var at = i;
            results[i] = refusals.OrProblem(() => Compare(reference!, candidates[at], how, options, at, cancellation));
        }

        return new BatchAnswer(results);
    }

    private static ComparisonAnswer Compare(MassFunction reference, double[] candidate, Interpretation how, ComparisonOptions options, int index, CancellationToken cancellation)
    {
        var problems = new Problems();
        var at = problems.At("candidates").At(index);
        var model = MassFunction.TryRead(candidate, how, at);
        if (candidate.Length != reference.Count) at.Add($"must have {reference.Count} elements like p, had {candidate.Length}");
        problems.ThrowIfAny();
        return ComparisonAnswer.Of(new Pair(reference, model!), options, null, cancellation);
    }
}

/// <summary>Turns the failure of one part of a request into a problem in its place.</summary>
internal sealed class Refusals(Errors errors, HttpContext context)
{
    public object OrProblem(Func<ComparisonAnswer> compare)
    {
        try
        {
            return compare();
        }
        catch (Exception refused) when (refused is InvalidInputException or NotComputableException or TooCostlyException or RefusedException)
        {
            return new FailedComparison(errors.Describe(context, refused));
        }
    }
}
