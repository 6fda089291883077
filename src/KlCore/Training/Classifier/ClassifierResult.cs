using KlCore.Training.Supervised;

namespace KlCore.Training.Classifier;

/// <summary>What a classifier learnt, and how well it does on examples that it did not learn from.</summary>
public sealed record ClassifierResult : SupervisedResult
{
    /// <summary>What the classes are called, in their order.</summary>
    public required IReadOnlyList<object> Classes { get; init; }

    /// <summary>The share of the judged examples whose likeliest class is the label.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Wilson's 95 % interval for it.</summary>
    public required double[] AccuracyInterval { get; init; }

    /// <summary>
    /// The mean of -ln of the probability of the label, in nats. It is the forward KL from the labels to the predictions, since a label leaves nothing open.
    /// </summary>
    public required Measurement CrossEntropy { get; init; }

    /// <summary>How the labels compare with the mean prediction.</summary>
    public required ClassBalance Balance { get; init; }

    /// <summary>How many examples of each class (row) were taken for each (column).</summary>
    public required int[][] ConfusionMatrix { get; init; }

    /// <summary>How well each class is told from the others.</summary>
    public required IReadOnlyList<ClassScore> PerClass { get; init; }

    /// <summary>The mean of the classes' F1, each counting the same; classes without examples left out.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Whether probabilities mean what they say.</summary>
    public required CalibrationResult Calibration { get; init; }
}

/// <summary>How well one class is told from the others.</summary>
/// <param name="Class">Its name, or its number.</param>
/// <param name="Examples">How many of the judged examples are of it.</param>
/// <param name="Precision">The part of those taken for it that are of it; null if none was taken for it.</param>
/// <param name="Recall">The part of those of it that were taken for it; null if there are none.</param>
/// <param name="F1">The harmonic mean of both; null if there are neither.</param>
public sealed record ClassScore(object Class, int Examples, double? Precision, double? Recall, double? F1);

/// <summary>The distribution of the labels p beside the mean of the predictions q: does the network give each class its share?</summary>
/// <param name="Labels">p.</param>
/// <param name="Predictions">q.</param>
/// <param name="Forward">KL(p || q) in nats; 0 for a network that gives each class its share, whichever examples it gives it to.</param>
/// <param name="Reverse">KL(q || p) in nats; infinite where a class has no example.</param>
public sealed record ClassBalance(double[] Labels, double[] Predictions, Measurement Forward, Measurement Reverse);

/// <summary>Whether the probability of the likeliest class is how often it is right.</summary>
/// <param name="ExpectedCalibrationError">The mean distance between both over the examples, bin by bin, from 0 to 1 (Guo et al., ICML 2017).</param>
/// <param name="BrierScore">The mean of sum (q - t)^2 over the classes, with t 1 for the label: from 0 to 2.</param>
/// <param name="Bins">The bins of equal width that have examples.</param>
public sealed record CalibrationResult(double ExpectedCalibrationError, double BrierScore, IReadOnlyList<CalibrationBin> Bins);

/// <summary>The examples whose likeliest class has a probability within some bounds.</summary>
/// <param name="Lower">The smallest.</param>
/// <param name="Upper">The largest.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Confidence">Their mean probability.</param>
/// <param name="Accuracy">How many of them are right, as a share.</param>
public sealed record CalibrationBin(double Lower, double Upper, int Count, double Confidence, double Accuracy);
