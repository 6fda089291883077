using KlCore.Benchmarks;
using KlCore.Divergences;
using KlCore.Numerics;

// Usage: KlCore.Benchmarks discrete|transport [size] [repetitions]
var size = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
var repetitions = args.Length > 2 ? int.Parse(args[2]) : 7;
switch (args.FirstOrDefault())
{
    case "discrete":
        Discrete();
        break;
    case "transport":
        Transport();
        break;
    default:
        Console.Error.WriteLine("Usage: KlCore.Benchmarks discrete|transport [size] [repetitions]");
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

void Transport()
{
    var (p, q) = (SplitMix.Distribution(1, size), SplitMix.Distribution(2, size));
    var (x, y) = (SplitMix.Uniform(3, size), SplitMix.Uniform(4, size));
    var pair = Pair.From(p, q, new() { Positions = new([.. x.Zip(y, (a, b) => new[] { a, b })]) });
    Bench.Run("exact_transport", "successive-paths", size, repetitions, () => new Wasserstein().Between(pair).Value);
    Bench.Run("sinkhorn", "log-domain", size, repetitions, () => new Sinkhorn { Regularization = 0.1 }.Between(pair).Value);
}
