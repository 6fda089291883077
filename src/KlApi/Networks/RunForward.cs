using KlApi.Host;
using KlCore;
using KlCore.Networks.Explicit;
using Microsoft.Extensions.Options;

namespace KlApi.Networks;

/// <summary>A network to be run.</summary>
public sealed record ForwardRequest : NetworkRequest, IChecked
{
    /// <inheritdoc/>
    public void Check(Problems problems) => ExplicitNetwork.Check(Layers, Inputs, problems);
}

/// <summary>What came out, and what each layer made of it.</summary>
/// <param name="Outputs">The last layer's activations, one row for each row of inputs.</param>
/// <param name="Layers">Every layer, from the input to the output.</param>
/// <param name="Method">How the numbers were found.</param>
public sealed record ForwardAnswer(double[][] Outputs, IReadOnlyList<ForwardLayer> Layers, Method Method = Method.Exact);

/// <summary>POST /v1/networks/forward</summary>
internal static class RunForward
{
    private const string Description =
        """
        Runs rows of inputs through dense layers that are written out: a = activation(W x + b), `weights` being outputs × inputs, and answers every layer's
        `preActivations` (W x + b) and `activations`; those of the last are the `outputs`. Inputs are rows; a single one may be plain numbers, and is answered
        as one row. A layer without `bias` adds nothing; one without `activation` is linear. `GET /v1/networks` has the formulas: `gelu` is the exact form
        z·Φ(z), `leaky-relu` multiplies negative numbers with `negativeSlope` (0.01), `softmax` is over the units of the layer. Everything is in double precision,
        with sums that keep their rounding errors: each number is within rounding of what the weights make exactly, also for logits of ±800. Numbers
        too large for a double are "Infinity"; where no number follows from them, 422 `overflow`.
        """;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/forward", Handle)
        .Describe("Forward propagation, layer by layer", Description, 400, 413, 415, 422)
        .Example("one layer of two rectified units", """
            { "layers": [ { "weights": [[0.5, -0.5], [0.5, 0.5]], "bias": [0.5, -0.5], "activation": "relu" } ], "inputs": [1, 0] }
            """)
        .Example("two layers that end in a distribution over three classes", """
            { "layers": [ { "weights": [[0.2, -0.4], [0.7, 0.1], [-0.3, 0.6]], "bias": [0.1, 0, -0.1], "activation": "tanh" },
                          { "weights": [[1, 0.5, -1], [-0.5, 1, 0.3], [0.2, -0.8, 0.9]], "bias": [0, 0, 0], "activation": "softmax" } ],
              "inputs": [[1, 2], [-1, 0.5]] }
            """);

    private static ForwardAnswer Handle(Body<ForwardRequest> body, IOptions<Limits> limits, CancellationToken cancellation)
    {
        var request = body.Value;
        request.CheckSize(limits.Value, passes: 1, copies: 0);
        var passes = ExplicitNetwork.Forward(request.Layers, request.Inputs, cancellation);
        return new ForwardAnswer(passes[^1].Activations, [.. passes.Select(pass => new ForwardLayer(pass.PreActivations, pass.Activations))]);
    }
}
