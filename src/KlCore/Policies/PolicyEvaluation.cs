namespace KlCore.Policies;

/// <summary>Estimates KL(pi||ref) from the log-probabilities of sampled tokens, in every way in use, and says what each way is good for.</summary>
public static class PolicyEvaluation
{
    private static readonly PolicyEstimator[] ByDefault = [PolicyEstimator.K1, PolicyEstimator.K2, PolicyEstimator.K3, PolicyEstimator.K3Plus, PolicyEstimator.Optimal];

    /// <summary>The estimators that are answered when none is asked for.</summary>
    public static IReadOnlyList<PolicyEstimator> Default(PolicyBatch batch) => batch.Old is null ? ByDefault : [.. ByDefault, PolicyEstimator.Importance];

    /// <summary>Evaluates the estimators.</summary>
    /// <exception cref="InvalidInputException">The batch or the options are not legal.</exception>
    /// <exception cref="NotComputableException">No token counts.</exception>
    public static PolicyKl Of(PolicyBatch batch, PolicyOptions options)
    {
        var problems = new Problems();
        Check(batch, options, problems);
        problems.ThrowIfAny();
        var samples = new PolicySamples(batch);
        var results = (options.Estimators ?? Default(batch)).Select(estimator => Result(samples, estimator, options)).ToList();
        return new()
        {
            Unit = options.Unit,
            Tokens = samples.Tokens,
            Sequences = samples.AllSequences,
            MaskedSequences = samples.AllSequences - samples.Sequences,
            Clamp = options.Clamp,
            Results = results,
            Diagnosis = [.. PolicyDiagnosis.Of(samples, results)],
        };
    }

    /// <summary>Adds everything that is wrong with a batch and what is asked of it.</summary>
    public static void Check(PolicyBatch batch, PolicyOptions options, Problems problems)
    {
        options.Check(problems);
        batch.Check(problems);
        if (batch.Old is null && options.Estimators?.Contains(PolicyEstimator.Importance) == true)
            problems.Add("old", "is required by the estimator importance");
    }

    private static EstimatorResult Result(PolicySamples samples, PolicyEstimator estimator, PolicyOptions options)
    {
        var facts = EstimatorFacts.Of(estimator);
        var fit = estimator == PolicyEstimator.Optimal ? new OptimalFit(samples) : null;
        var terms = Terms(samples, estimator, options.Clamp, fit);
        var nat = options.Unit.FromNats(1);
        var values = Array.ConvertAll(terms, term => term.Value * nat);
        var crossFitted = fit?.CrossFittedValues() is { } fitted ? Array.ConvertAll(fitted, value => value * nat) : null;
        var derivatives = options.Gradient ? Array.ConvertAll(terms, term => term.Derivative * nat) : null;
        var horizon = options.Horizon ?? samples.Longest;
        return new()
        {
            Estimator = estimator,
            Formula = facts.Formula,
            InExpectation = facts.InExpectation,
            Unbiased = facts.Unbiased,
            GradientOf = facts.GradientOf,
            GradientOfReward = facts.GradientOfReward,
            Note = facts.Note,
            Variance = Moments.Variance(values),
            ClampedFraction = terms.Count(term => term.Clamped) / (double)samples.Tokens,
            Control = fit?.Describe(),
            Tokens = options.Tokens ? samples.InPlace(values) : null,
            Aggregations =
            [
                .. from aggregation in options.Aggregation is { } one ? [one] : Enum.GetValues<Aggregation>()
                   let aggregator = new Aggregator(samples, aggregation, horizon)
                   select aggregator.Estimate(values) with
                   {
                       CrossFitted = crossFitted is null ? null : aggregator.Value(crossFitted),
                       Gradient = derivatives is null ? null : samples.InPlace(aggregator.Gradient(derivatives)),
                   },
            ],
        };
    }

    private static TokenTerm[] Terms(PolicySamples samples, PolicyEstimator estimator, PolicyClamp clamp, OptimalFit? fit)
    {
        var terms = new TokenTerm[samples.Tokens];
        for (var t = 0; t < terms.Length; t++)
            terms[t] = fit?.Whole.Term(samples.Delta[t]) ?? TokenTerm.Of(estimator, clamp, samples.Delta[t], samples.LogWeight?[t] ?? 0);
        return terms;
    }

    /// <summary>The control variate fitted on all tokens, and on two halves that lend each other their lambda.</summary>
    private sealed class OptimalFit
    {
        private readonly PolicySamples _samples;
        private readonly bool[] _isSecond;
        private readonly ControlVariate _first;
        private readonly ControlVariate _second;

        public OptimalFit(PolicySamples samples)
        {
            _samples = samples;
            _isSecond = new bool[samples.Tokens];
            // Whole sequences where there are several: tokens of one sequence know of each other.
            for (var s = 0; s < samples.Sequences; s++)
                for (var t = samples.Start(s); t < samples.Ends[s]; t++) _isSecond[t] = (samples.Sequences > 1 ? s : t) % 2 == 1;
            Whole = ControlVariate.Fit(samples.Delta, _ => true);
            (_first, _second) = (ControlVariate.Fit(samples.Delta, t => !_isSecond[t]), ControlVariate.Fit(samples.Delta, t => _isSecond[t]));
        }

        public ControlVariate Whole { get; }

        /// <summary>The tokens' values with the other half's lambda; null where a half does not determine one.</summary>
        public double[]? CrossFittedValues()
        {
            if (!_first.IsDetermined || !_second.IsDetermined) return null;
            var values = new double[_samples.Tokens];
            for (var t = 0; t < values.Length; t++) values[t] = (_isSecond[t] ? _first : _second).Term(_samples.Delta[t]).Value;
            return values;
        }

        public Control Describe()
        {
            var ones = Moments.Variance(_samples.Delta);
            return new(Whole.Lambda, Whole.IsDetermined, Reduction(ones, Whole.Term), Reduction(ones, delta => new(TokenTerm.K3(delta), 0)), _first.IsDetermined && _second.IsDetermined ? [_first.Lambda, _second.Lambda] : null);
        }

        private double? Reduction(double ones, Func<double, TokenTerm> term)
        {
            var variance = Moments.Variance(Array.ConvertAll(_samples.Delta, delta => term(delta).Value));
            return ones > 0 && double.IsFinite(ones) && double.IsFinite(variance) ? 1 - (variance / ones) : null;
        }
    }
}
