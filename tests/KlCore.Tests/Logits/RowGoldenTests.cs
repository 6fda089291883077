using System.Text.Json;
using KlCore.Formats;
using KlCore.Logits;
using KlCore.Tests.Divergences;

namespace KlCore.Tests.Logits;

/// <summary>Rows against values of many digits (Reference/rows.py): to 1e-12 in doubles, to 1e-6 from floats.</summary>
public sealed class RowGoldenTests
{
    public static TheoryData<string> Names => [.. Cases().Select(@case => @case.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compare_Case_HasTheValuesOfManyDigits(string name)
    {
        var @case = Cases().Single(candidate => candidate.GetProperty("name").GetString() == name);
        var element = Enum.Parse<ElementType>(@case.GetProperty("type").GetString()!, ignoreCase: true);
        var temperature = @case.GetProperty("temperature").GetDouble();
        double[] x = [.. @case.GetProperty("x").EnumerateArray().Select(Number)], y = [.. @case.GetProperty("y").EnumerateArray().Select(Number)];
        var position = Rows.Compare(x, y, element, element, 1 % x.Length, new RowOptions { Temperature = temperature });
        var tolerance = element == ElementType.F64 || temperature != 1 ? 1e-12 : 1e-6;
        Check("forward", position.Forward);
        Check("reverse", position.Reverse);
        Check("jensenShannon", position.JensenShannon);
        Check("totalVariation", position.TotalVariation);
        Check("hellinger", position.Hellinger);
        Check("entropyP", position.EntropyP, tolerance);
        Check("entropyQ", position.EntropyQ, tolerance);
        Check("targetLogP", position.TargetLogP, tolerance);
        Check("targetLogQ", position.TargetLogQ, tolerance);

        void Check(string measure, double actual, double absolute = 0)
        {
            var expected = Number(@case.GetProperty(measure));
            var isNear = expected == actual || Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) + absolute;
            Assert.True(isNear, $"{measure} is {actual:R} instead of {expected:R}");
        }
    }

    private static JsonElement.ArrayEnumerator Cases() => JsonDocument.Parse(Golden.Read("rows.json")).RootElement.EnumerateArray();

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Number
        ? element.GetDouble()
        : element.GetString()!.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
}
