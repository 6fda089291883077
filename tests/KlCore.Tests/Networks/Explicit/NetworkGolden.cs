using System.Text.Json;
using System.Text.Json.Serialization;
using KlCore.Networks;
using KlCore.Networks.Explicit;

namespace KlCore.Tests.Networks.Explicit;

/// <summary>The reference file that networks.py made.</summary>
internal sealed record NetworkGolden(IReadOnlyList<GoldenActivation> Activations, IReadOnlyList<GoldenNetwork> Networks)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    private static readonly Lazy<NetworkGolden> File = new(() =>
        JsonSerializer.Deserialize<NetworkGolden>(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "networks.json")), Options)!);

    public static NetworkGolden Read() => File.Value;
}

internal sealed record GoldenActivation(Activation Activation, double Z, double Value, double Derivative);

internal sealed record GoldenNetwork(
    IReadOnlyList<ExplicitLayer> Layers, double[][] Inputs, double[][] Targets, NetworkLoss Loss, double Value, IReadOnlyList<LayerPass> Passes, IReadOnlyList<LayerGradients> Gradients, double[][] InputGradients);
