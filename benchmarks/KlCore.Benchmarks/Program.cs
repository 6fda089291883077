using KlCore.Benchmarks;
using KlCore.Divergences;
using KlCore.Numerics;

// Usage: KlCore.Benchmarks discrete [size] [repetitions]
var size = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
var repetitions = args.Length > 2 ? int.Parse(args[2]) : 7;
switch (args.FirstOrDefault())
{
    case "discrete":
        Discrete();
        break;
    default:
        Console.Error.WriteLine("Usage: KlCore.Benchmarks discrete [size] [repetitions]");
        return 1;
}

return 0;

void Discrete()
{
    var (p, q) = (SplitMix.Distribution(1, size), SplitMix.Distribution(2, size));
    Bench.Run("discrete_kl", "kernel", size, repetitions, () => Fold.Sum<ForwardKernel>(p, q));
    Bench.Run("discrete_js", "kernel", size, repetitions, () => Fold.Sum<TopsoeKernel>(p, q) / 2);
    if (Lanes256.IsSupported) Bench.Run("discrete_kl", "kernel-256", size, repetitions, () => Fold.Sum<ForwardKernel, Lanes256>(p, q));
    Bench.Run("discrete_kl", "kernel-64", size, repetitions, () => Fold.Sum<ForwardKernel, Lanes64>(p, q));
    if (size > 10_000_000) return;
    Bench.Run("discrete_pair", "read-and-pair", size, repetitions, () => Pair.From(p, q).Count);
    Bench.Run("discrete_six", "default-measures", size, repetitions, () => Catalogue.Default.Sum(measure => measure.Between(Pair.From(p, q)).Value));
}
