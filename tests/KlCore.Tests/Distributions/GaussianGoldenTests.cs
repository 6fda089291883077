using System.Globalization;
using System.Text.Json;
using KlCore.Distributions;

namespace KlCore.Tests.Distributions;

/// <summary>Everything between two Gaussians against values of many digits (Reference/gaussians.py).</summary>
public class GaussianGoldenTests
{
    private static readonly JsonElement.ArrayEnumerator Cases = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "gaussians.json"))).RootElement.GetProperty("cases").EnumerateArray();

    public static TheoryData<string> Names => [.. Cases.Select(golden => golden.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compare_HardPair_AgreesToTwelveDigits(string name)
    {
        var golden = Cases.Single(golden => golden.GetProperty("name").GetString() == name);
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        var (p, q) = (golden.GetProperty("p").Deserialize<Gaussian>(options)!, golden.GetProperty("q").Deserialize<Gaussian>(options)!);
        var measured = GaussianPair.From(p, q).Compare();
        (string Name, double Value, double Tolerance)[] values =
        [
            ("forward", measured.Forward.Value, 1e-12), ("reverse", measured.Reverse.Value, 1e-12), ("bhattacharyya", measured.Bhattacharyya, 1e-12),
            ("hellinger", measured.Hellinger, 1e-12), ("wasserstein2", measured.Wasserstein2, WassersteinTolerance(name)),
            ("trace", measured.Forward.Trace, 1e-12), ("mahalanobis", measured.Forward.Mahalanobis, 1e-12), ("logDeterminant", measured.Forward.LogDeterminant, 1e-12),
            ("conditionOfP", measured.ConditionNumbers.P, 1e-6), ("conditionOfQ", measured.ConditionNumbers.Q, 1e-6),
        ];
        var misses = from value in values
                     let expected = double.Parse(golden.GetProperty(value.Name).GetString()!, CultureInfo.InvariantCulture)
                     where !(Math.Abs(value.Value - expected) <= value.Tolerance * Math.Abs(expected)) && expected != value.Value
                     select $"{value.Name}: {expected:R}, was {value.Value:R}";
        Assert.True(!misses.Any(), string.Join(Environment.NewLine, misses));
    }

    // A distance is measured in one scale for all coordinates: beside deviations of 1e100 there is nothing of 1e-100.
    private static double WassersteinTolerance(string name) => name == "plane, scales from 1e-200 to 1e200" ? 1 : 1e-12;
}
