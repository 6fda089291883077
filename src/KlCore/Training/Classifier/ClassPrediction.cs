using KlCore.Training.Supervised;

namespace KlCore.Training.Classifier;

/// <summary>What a classifier answers.</summary>
/// <param name="Classes">The likeliest class of each row: a number where the labels were numbers, else a name.</param>
/// <param name="Probabilities">For each row the probability of each class, in the order of <paramref name="Names"/>.</param>
/// <param name="Names">What the classes are called, in their order.</param>
public sealed record ClassPrediction(IReadOnlyList<object> Classes, double[][] Probabilities, IReadOnlyList<object> Names)
{
    internal static ClassPrediction Of(ClassSpecification specification, PredictionRequest request, FinishedTraining training, ITrainingInputs inputs)
    {
        var (logits, metadata) = PredictionInputs.Ask(request, specification.Layers, hasLinearEnd: true, specification.Data.Source(), training, inputs);
        var probabilities = Array.ConvertAll(logits, row => Softmax(Array.ConvertAll(row, value => (double)value)));
        var names = ReportJson.Read<string[]>(metadata["classes"]);
        var areNumbers = metadata["labels"] == "numbers";
        object Name(int label) => ClassLabels.NameOf(names, areNumbers, label);
        return new ClassPrediction([.. logits.Select(row => Name(LabelLoss.Likeliest(row)))], probabilities, [.. names.Index().Select(name => Name(name.Index))]);
    }

    /// <summary>The probabilities of the classes by the network's last sums: softmax, or of one sum z the sigmoid for the second of two classes.</summary>
    internal static double[] Softmax(double[] logits)
    {
        if (logits.Length == 1) return Softmax([0, logits[0]]);
        var largest = logits.Max();
        var weights = Array.ConvertAll(logits, logit => Math.Exp(logit - largest));
        var total = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / total);
    }
}
