namespace KlCore.Networks.Explicit;

/// <summary>What outputs y pay for not being the targets t.</summary>
public enum NetworkLoss
{
    /// <summary>-sum t ln y over the classes, mean over the rows.</summary>
    CrossEntropy,

    /// <summary>KL(t || y) = sum t ln(t/y) over the classes, mean over the rows.</summary>
    ForwardKl,

    /// <summary>KL(y || t) = sum y ln(y/t) over the classes, mean over the rows; infinite where a target is 0 and the output is not.</summary>
    ReverseKl,

    /// <summary>KL(t || m)/2 + KL(y || m)/2 with m = (t + y)/2 over the classes, mean over the rows.</summary>
    JensenShannon,

    /// <summary>(y - t)^2, mean over all outputs of all rows.</summary>
    MeanSquaredError,

    /// <summary>y^2, mean over all outputs of all rows; there are no targets.</summary>
    MeanSquare,
}

/// <summary>How a loss between distributions sees the last layer.</summary>
public enum OutputReading
{
    /// <summary>The outputs as they are: squares only.</summary>
    Numbers,

    /// <summary>Softmax outputs: each row is a distribution over the classes.</summary>
    Probabilities,

    /// <summary>Linear outputs: their softmax is the distribution, as PyTorch's losses have it.</summary>
    Logits,

    /// <summary>Sigmoid outputs: each is the probability of a yes of its own.</summary>
    Bernoulli,
}

/// <summary>What follows from the choice of a loss.</summary>
public static class NetworkLosses
{
    /// <summary>Whether the loss compares distributions and is a logarithm, in nats or bits.</summary>
    public static bool ComparesDistributions(NetworkLoss loss) => loss is not (NetworkLoss.MeanSquaredError or NetworkLoss.MeanSquare);

    /// <summary>How the loss sees a last layer of this activation; null if it cannot.</summary>
    public static OutputReading? Reading(NetworkLoss loss, Activation last) => (ComparesDistributions(loss), last) switch
    {
        (false, _) => OutputReading.Numbers,
        (true, Activation.Softmax) => OutputReading.Probabilities,
        (true, Activation.Linear) => OutputReading.Logits,
        (true, Activation.Sigmoid) => OutputReading.Bernoulli,
        _ => null,
    };

    /// <summary>L of one row in ASCII: t the targets, y the outputs (as a distribution, where distributions are compared).</summary>
    public static string Formula(NetworkLoss loss) => loss switch
    {
        NetworkLoss.CrossEntropy => "-sum t ln y",
        NetworkLoss.ForwardKl => "KL(t || y) = sum t ln(t/y)",
        NetworkLoss.ReverseKl => "KL(y || t) = sum y ln(y/t)",
        NetworkLoss.JensenShannon => "KL(t || m)/2 + KL(y || m)/2, m = (t + y)/2",
        NetworkLoss.MeanSquaredError => "mean (y - t)^2",
        _ => "mean y^2",
    };

    /// <summary>What of several numbers makes the one that is answered, in words.</summary>
    public static string Reduction(OutputReading reading) => reading switch
    {
        OutputReading.Probabilities => "sum over the classes, mean over the rows",
        OutputReading.Logits => "sum over the classes, mean over the rows; the outputs are logits, their softmax is compared",
        OutputReading.Bernoulli => "mean over the outputs and the rows, each output being the probability of a yes",
        _ => "mean over the outputs and the rows",
    };
}
