using KlCore.Numerics;

namespace KlCore.Losses;

/// <summary>Values and gradients of several losses, added up position by position.</summary>
internal sealed class ProfileSweep
{
    private readonly Loss[] _losses;
    private readonly double[] _factors;
    private readonly double[] _slopes;
    private readonly double[][] _gradients;
    private readonly Sums[] _sums;
    private readonly string?[] _impossible;
    private readonly GramMatrix _gram;
    private readonly GramMatrix _directions = new(2);
    private readonly double[][] _both;
    private int _positions;

    public ProfileSweep(IReadOnlyList<Loss> losses, DistillationBatch batch, LossOptions options)
    {
        _losses = [.. losses];
        _factors = Array.ConvertAll(_losses, loss => LossEvaluation.FactorOf(loss.Describe(), options));
        _slopes = [.. _losses.Select((loss, i) => loss.Describe().UsesTemperature ? _factors[i] / options.Temperature : _factors[i])];
        _gradients = Array.ConvertAll(_losses, _ => new double[batch.Vocabulary()]);
        _both = [new double[batch.Vocabulary()], new double[batch.Vocabulary()]];
        _sums = new Sums[_losses.Length];
        _impossible = new string?[_losses.Length];
        _gram = new GramMatrix(_losses.Length);
    }

    /// <summary>Adds one position of which <paramref name="head"/> are the tokens of the teacher's head.</summary>
    public void Add(LossRow row, ReadOnlySpan<int> head)
    {
        _positions++;
        var finite = new bool[_losses.Length];
        for (var i = 0; i < _losses.Length; i++)
        {
            if (_impossible[i] is null && TryEvaluate(i, row, out var value)) finite[i] = _sums[i].Add(value * _factors[i], _gradients[i], _slopes[i], head);
        }

        _gram.Add(_gradients, finite);
        // Forward and reverse are what the advice is about, asked for or not.
        var forward = new ForwardKullbackLeibler().Evaluate(row, _both[0]);
        var reverse = new ReverseKullbackLeibler().Evaluate(row, _both[1]);
        _directions.Add(_both, [double.IsFinite(forward), double.IsFinite(reverse)]);
    }

    /// <summary>The losses that could be evaluated.</summary>
    public IReadOnlyList<ProfiledLoss> Losses() => [.. Possible().Select(i => _sums[i].Result(_losses[i], _positions))];

    public GradientCosines Cosines() => new(
        [.. Possible().Select(i => LossCatalogue.NameOf(_losses[i]))],
        [.. Possible().Select(i => Possible().Select(j => _gram.Cosine(i, j)).ToArray())]);

    /// <summary>The cosine of the gradients of KL(p || q) and KL(q || p).</summary>
    public double? ForwardAgainstReverse() => _directions.Cosine(0, 1);

    public IEnumerable<string> Warnings()
    {
        for (var i = 0; i < _losses.Length; i++)
        {
            if (_impossible[i] is { } why) yield return $"left out: {why}";
            else if (_sums[i].Infinite > 0) yield return $"{LossCatalogue.NameOf(_losses[i])} is infinite at {_sums[i].Infinite} of {_positions} positions";
            foreach (var caution in _losses[i].Cautions()) yield return caution;
        }
    }

    private IEnumerable<int> Possible() => Enumerable.Range(0, _losses.Length).Where(i => _impossible[i] is null);

    /// <summary>A loss that is not defined at some position is left out, and the others are not affected.</summary>
    private bool TryEvaluate(int index, LossRow row, out double value)
    {
        value = 0;
        try
        {
            value = LossEvaluation.At(_losses[index], row, _gradients[index]);
            return true;
        }
        catch (NotComputableException undefined)
        {
            _impossible[index] = undefined.Message;
            return false;
        }
    }

    private struct Sums
    {
        /// <summary>Components beyond this have no square; of such gradients (of logits of 1e140) only the largest component is counted, as their norm.</summary>
        private const double Largest = 1e140;

        private CompensatedSum _value;
        private CompensatedSum _norm;
        private CompensatedSum _inHead;
        private CompensatedSum _all;

        public int Infinite { get; private set; }

        /// <summary>Adds a position; tells whether its gradient is to be used.</summary>
        public bool Add(double value, ReadOnlySpan<double> gradient, double slope, ReadOnlySpan<int> head)
        {
            _value.Add(value);
            if (double.IsInfinity(value))
            {
                Infinite++;
                return false;
            }

            var (squares, all, largest) = (0.0, 0.0, 0.0);
            foreach (var component in gradient)
            {
                squares += component * component;
                all += Math.Abs(component);
                largest = Math.Max(largest, Math.Abs(component));
            }

            if (largest > Largest)
            {
                _norm.Add(slope * largest);
                return false;
            }

            _norm.Add(slope * Math.Sqrt(squares));
            _all.Add(all);
            foreach (var token in head) _inHead.Add(Math.Abs(gradient[token]));
            return true;
        }

        public readonly ProfiledLoss Result(Loss loss, int positions) => new(
            loss, _value.Value / positions, Infinite, positions == Infinite ? 0 : _norm.Value / (positions - Infinite), _all.Value > 0 ? Math.Min(1, _inHead.Value / _all.Value) : null);
    }
}
