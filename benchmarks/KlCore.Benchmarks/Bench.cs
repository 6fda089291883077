using System.Diagnostics;
using System.Text.Json;

namespace KlCore.Benchmarks;

/// <summary>One timing rule for all cases: a sample holds as many calls as fill 20 ms; one JSON line for each case.</summary>
internal static class Bench
{
    private const double SampleSeconds = 0.02;

    public static void Run(string workload, string implementation, int size, int repetitions, Func<double> work, int threads = 1, string element = "f64")
    {
        var value = work();
        var once = Seconds(work, 1).Wall;
        var inner = Math.Max(1, (int)(SampleSeconds / Math.Max(once, 1e-9)));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        work();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var samples = Enumerable.Range(0, repetitions).Select(_ => Seconds(work, inner)).ToArray();
        var (wall, cpu) = (samples.Select(s => s.Wall).Order().ToArray(), samples.Select(s => s.Cpu).Order().ToArray());
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            workload,
            impl = implementation,
            size,
            seconds_median = wall[wall.Length / 2],
            seconds_min = wall[0],
            seconds_max = wall[^1],
            cpu_seconds_median = cpu[cpu.Length / 2],
            cpu_seconds_min = cpu[0],
            reps = repetitions,
            threads,
            dtype = element,
            value,
            allocated_bytes = allocated,
        }));
    }

    private static (double Wall, double Cpu) Seconds(Func<double> work, int calls)
    {
        var process = Process.GetCurrentProcess();
        var (cpu, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        for (var i = 0; i < calls; i++) work();
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (wall / calls, (process.TotalProcessorTime - cpu).TotalSeconds / calls);
    }
}
