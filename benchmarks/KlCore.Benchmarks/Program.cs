using KlCore.Benchmarks;
using KlCore.Distributions;
using KlCore.Divergences;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Numerics;
using KlCore.Training.Topics;

// Usage: KlCore.Benchmarks discrete|transport|gaussian|logits|products|networks|topics|neighbours|coverage [size] [repetitions] [threads]
var size = args.Length > 1 ? int.Parse(args[1]) : 1_000_000;
var repetitions = args.Length > 2 ? int.Parse(args[2]) : 7;
switch (args.FirstOrDefault())
{
    case "discrete":
        Discrete();
        break;
    case "transport":
        Transports.Run(size, repetitions);
        break;
    case "gaussian":
        Gaussians();
        break;
    case "logits":
        Logits(args.Length > 3 ? int.Parse(args[3]) : 1);
        break;
    case "networks":
        Trainings.Run(size, repetitions);
        break;
    case "topics":
        Topics();
        break;
    case "neighbours":
        Samples.Neighbours(size, repetitions, args.Length > 3 ? int.Parse(args[3]) : 2, args.Length > 4 ? int.Parse(args[4]) : 1);
        break;
    case "coverage":
        Coverage.Run(size);
        break;
    case "products":
        Products.Run(size);
        break;
    default:
        Console.Error.WriteLine("Usage: KlCore.Benchmarks discrete|transport|gaussian|logits|products|networks|topics|neighbours|coverage [size] [repetitions] [threads]");
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

void Gaussians()
{
    var (p, q) = (RandomGaussian(23, 21, size), RandomGaussian(24, 22, size));
    Bench.Run("gaussian_kl", "read-and-forward", size, repetitions, () => GaussianPair.From(p, q).KullbackLeibler());
    Bench.Run("gaussian_all", "read-and-compare", size, repetitions, () => GaussianPair.From(p, q).Compare().Jeffreys());
}

// The size is the number of rows, of Qwen's vocabulary.
void Logits(int threads)
{
    foreach (var element in new[] { ElementType.F32, ElementType.F16, ElementType.Bf16 })
    {
        var (p, q) = LogitMatrices.Make(size, 151_936, element);
        var positions = new Position[size];
        Measure("logits_fwd", "one-pass", new RowOptions { IsOnlyDivergences = true, Threads = threads });
        Measure("logits_all", "all", new RowOptions { Threads = threads });
        Measure("logits_top", "all-top-k", new RowOptions { Threads = threads, TopK = [5, 10] });
        if (element == ElementType.F32) Measure("logits_temperature", "all", new RowOptions { Threads = threads, Temperature = 2 });

        void Measure(string workload, string implementation, RowOptions options) => Bench.Run(workload, implementation, size, repetitions, () =>
        {
            RowComparison.Compare(p, q, default, options, positions, CancellationToken.None);
            return positions.Average(position => position.Forward);
        }, threads, element.ToString().ToLowerInvariant());
    }
}

// The size is the number of documents. What is timed is what the constructor of Gensim's model does with bags of words; the bound follows untimed.
void Topics()
{
    var documents = TopicDocuments.Make(size);
    var specification = new TopicsSpecification { Topics = 20, EvalEvery = 0 };
    TopicsRun run = Learn();
    while (!run.IsComplete) run.Step();
    var bound = ((TopicsResult)run.Finish().Result).Bound;
    Bench.Run("lda", "online-vb", size, repetitions, () =>
    {
        Learn();
        return bound;
    }, element: "f32");

    TopicsRun Learn()
    {
        var learned = new TopicsRun(specification, documents);
        while (learned.CompletedSteps < learned.LearningSteps) learned.Step();
        return learned;
    }
}

// A A^T / d + I / 2 with nearly normal elements of A.
static Gaussian RandomGaussian(ulong mean, ulong covariance, int d)
{
    var a = SplitMix.Bell(covariance, d * d);
    var rows = new double[d][];
    for (var i = 0; i < d; i++)
    {
        rows[i] = new double[d];
        for (var j = 0; j < d; j++)
            rows[i][j] = Rows.Dot(a.AsSpan(i * d, d), a.AsSpan(j * d, d)) / d + (i == j ? 0.5 : 0);
    }

    return new Gaussian { Mean = new Location(SplitMix.Bell(mean, d)), Covariance = rows };
}
