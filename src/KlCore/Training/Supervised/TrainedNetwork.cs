using KlCore.Formats;
using KlCore.Networks;

namespace KlCore.Training.Supervised;

/// <summary>What is there at the end of a training.</summary>
/// <param name="Network">The network, with the parameters that are its result.</param>
/// <param name="Examples">What it learnt from.</param>
/// <param name="History">What each epoch was like.</param>
/// <param name="BestEpoch">The epoch with the smallest loss on held-out examples, or on all where none are held out; counted from 1.</param>
/// <param name="IsRestored">Whether its parameters are those of the best epoch.</param>
/// <param name="IsStoppedEarly">Whether it ended before the last epoch.</param>
internal sealed record TrainedNetwork(DenseNetwork Network, Examples Examples, EpochHistory History, int BestEpoch, bool IsRestored, bool IsStoppedEarly)
{
    /// <summary>Which examples it is judged by, in a word.</summary>
    public string JudgedOn => Examples.HeldOut.Length > 0 ? "validation" : "training";

    /// <summary>How many epochs it was trained for.</summary>
    public int Epochs => History.Epochs;

    /// <summary>What it answers for some examples, row by row, as doubles.</summary>
    public double[][] Answers(ReadOnlySpan<int> chosen)
    {
        var answers = new double[chosen.Length][];
        var rows = new FloatBuffer(Math.Min(chosen.Length, Network.MaximumRows) * Network.Inputs);
        for (var from = 0; from < chosen.Length; from += Network.MaximumRows)
        {
            var some = chosen.Slice(from, Math.Min(Network.MaximumRows, chosen.Length - from));
            var batch = rows.Rows(some.Length, Network.Inputs);
            Examples.Gather(some, batch);
            var start = from;
            Network.Run(batch, (_, outputs) =>
            {
                for (var i = 0; i < outputs.Rows; i++) answers[start + i] = Array.ConvertAll(outputs[i].ToArray(), value => (double)value);
            });
        }

        return answers;
    }

    /// <summary>The model as a file: weights as frameworks have them (outputs by inputs), and what else is needed to use it as metadata.</summary>
    public Artifact ToFile(IReadOnlyList<DenseLayer> layers, params (string Key, string Value)[] more)
    {
        var metadata = new Dictionary<string, string> { ["format"] = "dense-network", ["layers"] = ReportJson.Text(layers), ["scaling"] = Examples.Scaling.ToJson() };
        foreach (var (key, value) in more) metadata.Add(key, value);
        return new Artifact(FileName, "application/octet-stream", SafeTensors.Write([.. Network.Parameters.ToTensors()], metadata));
    }

    /// <summary>What <see cref="ToFile"/> calls it.</summary>
    public const string FileName = "model.safetensors";
}
