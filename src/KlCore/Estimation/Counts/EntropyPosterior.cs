namespace KlCore.Estimation.Counts;

/// <summary>
/// Mean and standard deviation of the entropy under Nemenman, Shafee and Bialek's prior. The weight of v = ln beta has one hump and falls at
/// least like e^-|v| on both sides, and is analytic within pi of the line: there the trapezoidal rule converges exponentially, so its step is
/// halved until two values agree.
/// </summary>
internal sealed class EntropyPosterior
{
    private const double Tolerance = 1e-14;
    private const int MostHalvings = 12;

    /// <summary>Weights below e^-44 of the largest add nothing to a double.</summary>
    private const double Negligible = 44;

    private readonly PriorMixture _mixture;
    private readonly CancellationToken _cancellation;

    private EntropyPosterior(CountTable counts, CancellationToken cancellation) => (_mixture, _cancellation) = (new PriorMixture(counts), cancellation);

    /// <summary>The posterior of a table. With one category there is nothing to be uncertain of.</summary>
    public static CorrectedEntropy Of(CountTable counts, CancellationToken cancellation) =>
        counts.Categories == 1 ? new(0, 0, 0) : new EntropyPosterior(counts, cancellation).Integrate();

    private CorrectedEntropy Integrate()
    {
        var mode = Mode();
        var top = _mixture.LogWeight(mode);
        var (low, high) = (Edge(mode, top, -1), Edge(mode, top, 1));
        var step = Math.Min(0.5, (high - low) / 24);
        var sums = new Sums();
        for (var i = Math.Ceiling((low - mode) / step); mode + i * step <= high; i++) Add(ref sums, mode + i * step, top);
        for (var halving = 1; ; halving++)
        {
            var before = sums.Mean;
            for (var i = Math.Ceiling((low - mode) / step); mode + (i + 0.5) * step <= high; i++) Add(ref sums, mode + (i + 0.5) * step, top);
            step /= 2;
            var change = Math.Abs(sums.Mean - before);
            if (change > Tolerance * sums.Mean && halving < MostHalvings) continue;
            // Rounding: of the entropies themselves, and of the weights as far as the entropies under them differ.
            var rounding = 4e-15 * sums.Mean + _mixture.RoundingOfLogWeight * Math.Sqrt(sums.VarianceOfMeans);
            return new(sums.Mean, 2 * change + rounding, Math.Sqrt(Math.Max(0, sums.MeanOfVariances) + sums.VarianceOfMeans));
        }
    }

    private void Add(ref Sums sums, double v, double top)
    {
        _cancellation.ThrowIfCancellationRequested();
        var weight = Math.Exp(_mixture.LogWeight(v) - top);
        if (!(weight > 1e-19)) return;
        var (mean, variance) = _mixture.Entropy(Math.Exp(v));
        sums.Add(weight, mean, variance);
    }

    /// <summary>Where the weight is largest: the best of a coarse grid, refined by golden sections.</summary>
    private double Mode()
    {
        var (best, bestWeight) = (0.0, double.NegativeInfinity);
        for (var v = -60.0; v <= _mixture.LargestV; v++)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_mixture.LogWeight(v) is var weight && weight > bestWeight) (best, bestWeight) = (v, weight);
        }

        const double golden = 0.6180339887498949;
        var (low, high) = (best - 1, best + 1);
        var (left, right) = (high - golden * (high - low), low + golden * (high - low));
        var (atLeft, atRight) = (_mixture.LogWeight(left), _mixture.LogWeight(right));
        for (var i = 0; i < 36; i++)
        {
            if (atLeft > atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - golden * (high - low);
                atLeft = _mixture.LogWeight(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + golden * (high - low);
                atRight = _mixture.LogWeight(right);
            }
        }

        return 0.5 * (low + high);
    }

    /// <summary>How far from the mode the weight still counts.</summary>
    private double Edge(double mode, double top, int side)
    {
        var (near, far) = (0.0, 1e-9);
        for (; _mixture.LogWeight(mode + side * far) > top - Negligible; far *= 2) near = far;
        for (var i = 0; i < 8; i++)
        {
            var middle = 0.5 * (near + far);
            if (_mixture.LogWeight(mode + side * middle) > top - Negligible) near = middle;
            else far = middle;
        }

        return mode + side * far;
    }

    /// <summary>Weighted mean and variance, by Welford's recurrence.</summary>
    private struct Sums
    {
        private double _weight, _squares;

        public double Mean { get; private set; }

        public double MeanOfVariances { get; private set; }

        public readonly double VarianceOfMeans => _squares / _weight;

        public void Add(double weight, double mean, double variance)
        {
            _weight += weight;
            var step = (mean - Mean) * (weight / _weight);
            _squares += weight * (mean - Mean) * (mean - Mean - step);
            Mean += step;
            MeanOfVariances += (variance - MeanOfVariances) * (weight / _weight);
        }
    }
}
