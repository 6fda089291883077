using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KlApi.Host;
using KlCore;
using KlCore.Networks.Explicit;
using Microsoft.Extensions.Options;

namespace KlApi.Networks;

/// <summary>A network whose loss is to be differentiated.</summary>
public sealed record GradientsRequest : NetworkRequest, IChecked
{
    /// <summary>
    /// What the outputs should be, one row for each row of inputs. For a loss between distributions each row sums to 1 (softmax, linear) or has probabilities
    /// (sigmoid). Plain numbers are the row of a single plain input, the numbers of a network with one output, or for cross-entropy the class of each row.
    /// Only mean-square has none.
    /// </summary>
    public BatchRows? Targets { get; init; }

    /// <summary>What is differentiated.</summary>
    public required NetworkLoss Loss { get; init; }

    /// <summary>The rate of one step of gradient descent, after which the layers are answered too.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? LearningRate { get; init; }

    /// <summary>The unit of losses between distributions; their gradients are in it too.</summary>
    public Unit Unit { get; init; } = Unit.Nats;

    /// <inheritdoc/>
    public void Check(Problems problems)
    {
        Bounds.Check(this, problems);
        BackPropagation.Check(Layers, Inputs, Targets, Loss, problems);
    }
}

/// <summary>One layer on the way forward and back.</summary>
/// <param name="PreActivations">z = W x + b, one row for each row of inputs.</param>
/// <param name="Activations">a = activation(z).</param>
/// <param name="Deltas">dL/dz; null if the loss has no gradient.</param>
public sealed record GradientsLayer(double[][] PreActivations, double[][] Activations, double[][]? Deltas);

/// <summary>A loss, its gradients, and how they came about.</summary>
public sealed record GradientsAnswer
{
    /// <summary>L; may be "Infinity".</summary>
    public required double Loss { get; init; }

    /// <summary>The unit of the loss and its gradients; null for squares.</summary>
    public required Unit? Unit { get; init; }

    /// <summary>How the numbers were found.</summary>
    public Method Method { get; init; } = Method.Exact;

    /// <summary>What of several numbers makes the one loss.</summary>
    public required string Reduction { get; init; }

    /// <summary>How the loss sees the last layer.</summary>
    public required OutputReading OutputsReadAs { get; init; }

    /// <summary>The last layer's activations.</summary>
    public required double[][] Outputs { get; init; }

    /// <summary>Every layer, from the input to the output.</summary>
    public required IReadOnlyList<GradientsLayer> Layers { get; init; }

    /// <summary>dL/dW and dL/db of every layer; null if the loss is a divergence that is infinite.</summary>
    public required IReadOnlyList<LayerGradients>? Gradients { get; init; }

    /// <summary>dL/dx, one row for each row of inputs; null as the gradients.</summary>
    public required double[][]? InputGradients { get; init; }

    /// <summary>With a learning rate: the layers after the step, in the shape of the request's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExplicitLayer>? UpdatedLayers { get; init; }

    /// <summary>What a reader should know about the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>POST /v1/networks/gradients</summary>
internal static class ComputeGradients
{
    private const string Description =
        """
        Runs a network forward as `POST /v1/networks/forward` does, takes the `loss` L of its outputs y beside the `targets` t, and answers L's derivatives by the
        chain rule, layer by layer: `deltas` dL/dz, `gradients` dL/dW = Σ delta·xᵀ and dL/db = Σ delta, `inputGradients` dL/dx. With `learningRate` also
        `updatedLayers`, W − rate·dL/dW, to be sent again. `reduction` says what of many rows makes one number: divergences are summed over the classes and
        averaged over the rows, squares are averaged over all outputs (as Keras and PyTorch do). Losses: `cross-entropy` −Σ t ln y, `forward-kl` KL(t‖y),
        `reverse-kl` KL(y‖t), `jensen-shannon` (half of each to the middle), `mean-squared-error`, and `mean-square`, which is the mean of y² and has no targets. The first four compare
        distributions: of a last layer with `softmax`, of a `linear` one whose outputs are logits (PyTorch's convention), or of each `sigmoid` output with
        its complement (binary cross-entropy, averaged over the outputs too); with another last activation 400. They are computed from the pre-activations, so that
        logits of ±800 lose nothing. ReLU's derivative at 0 is 0. A divergence that is infinite (reverse-kl with a target of 0) is "Infinity" and has no gradients: they are null.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/gradients", Handle)
        .Describe("Back-propagation, layer by layer", Description, 400, 413, 415, 422)
        .Example("one step down the mean of the squares", """
            { "layers": [ { "weights": [[1, 2], [3, 4]], "bias": [5, 6], "activation": "linear" } ], "inputs": [1, 2], "loss": "mean-square", "learningRate": 0.01 }
            """)
        .Example("a classifier with classes as targets", """
            { "layers": [ { "weights": [[0.2, -0.4], [0.7, 0.1], [-0.3, 0.6]], "bias": [0.1, 0, -0.1], "activation": "tanh" },
                          { "weights": [[1, 0.5, -1], [-0.5, 1, 0.3], [0.2, -0.8, 0.9]], "bias": [0, 0, 0], "activation": "softmax" } ],
              "inputs": [[1, 2], [-1, 0.5]], "targets": [2, 0], "loss": "cross-entropy", "learningRate": 0.1 }
            """)
        .Example("towards a distribution under the reverse KL", """
            { "layers": [ { "weights": [[1, -1], [0.5, 0.5]], "bias": [0, 0], "activation": "softmax" } ], "inputs": [[1, 2]], "targets": [[0.9, 0.1]], "loss": "reverse-kl", "unit": "bits" }
            """);

    private static GradientsAnswer Handle(Body<GradientsRequest> body, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        request.CheckSize(limits.Value, passes: 3, copies: request.LearningRate is null ? 1 : 2);
        var found = BackPropagation.Of(request.Layers, request.Inputs, request.Targets, request.Loss, request.Unit, cancellation);
        var reading = NetworkLosses.Reading(request.Loss, request.Layers[^1].Activation)!.Value;
        return new GradientsAnswer
        {
            Loss = found.Loss,
            Unit = NetworkLosses.ComparesDistributions(request.Loss) ? request.Unit : null,
            Reduction = NetworkLosses.Reduction(reading),
            OutputsReadAs = reading,
            Outputs = found.Passes[^1].Activations,
            Layers = [.. found.Passes.Select((pass, i) => new GradientsLayer(pass.PreActivations, pass.Activations, found.Deltas?[i]))],
            Gradients = found.Gradients,
            InputGradients = found.InputGradients,
            UpdatedLayers = request.LearningRate is { } rate ? found.Updated(request.Layers, rate) : null,
            Warnings = [.. Warnings(request, found)],
        };
    }

    private static IEnumerable<string> Warnings(GradientsRequest request, BackPropagation found)
    {
        if (request.Loss == NetworkLoss.MeanSquare && request.Targets is not null) yield return "mean-square does not look at the targets; mean-squared-error does";
        if (found.InfiniteRow >= 0) yield return $"the divergence of row {found.InfiniteRow} is infinite, a target of 0 where the output is not: there is no gradient, and nothing was updated";
    }
}
