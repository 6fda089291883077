using System.Text.Json;
using KlCore.Charts;

namespace KlCore.Training.Distillation;

/// <summary>The pictures of a distillation's result.</summary>
internal static class DistillationCharts
{
    private static readonly string[] Names = ["forward", "reverse", "jensenShannon"];

    /// <summary>The divergences between teacher and student with two standard errors.</summary>
    public static Chart? Divergences(ReadOnlyMemory<byte>? result)
    {
        if (result is not { } json) return null;
        using var document = JsonDocument.Parse(json);
        var all = Names.Select(name => document.RootElement.GetProperty(name)).ToList();
        if (all.Exists(one => one.GetProperty("value").ValueKind != JsonValueKind.Number)) return null;
        double[] values = [.. all.Select(one => one.GetProperty("value").GetDouble())];
        double[] errors = [.. all.Select(one => one.TryGetProperty("standardError", out var error) ? 2 * error.GetDouble() : 0)];
        return new Chart("Teacher and student", new Axis("divergence") { Categories = ["KL(teacher || student)", "KL(student || teacher)", "Jensen-Shannon"] }, new Axis("nats"),
            [
                new Series("", SeriesKind.Points, [0, 1, 2], values)
                {
                    Low = [.. values.Zip(errors, (value, error) => Math.Max(0, value - error))],
                    High = [.. values.Zip(errors, (value, error) => value + error)],
                },
            ])
        {
            Description = $"Forward KL {values[0]:G3}, reverse KL {values[1]:G3} and Jensen-Shannon {values[2]:G3} nats between the answers of teacher and student, with two standard errors.",
        };
    }
}
