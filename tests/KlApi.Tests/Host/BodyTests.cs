using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlApi.Host;
using KlCore;

namespace KlApi.Tests.Host;

public sealed class BodyTests
{
    [Fact]
    public void Body_SeveralFieldsOfWrongType_NamesEachByPointer()
    {
        var errors = Errors("""{ "numbers": [1, "x", 2, null], "name": 3, "unknown": 1, "shape": { "kind": "circle", "radius": "big" } }""");
        Assert.Equal("must be a number, was \"x\"", errors["/numbers/1"][0]);
        Assert.Equal("must not be null", errors["/numbers/3"][0]);
        Assert.StartsWith("must be a string", errors["/name"][0], StringComparison.Ordinal);
        Assert.StartsWith("is not a known field", errors["/unknown"][0], StringComparison.Ordinal);
        Assert.StartsWith("must be a number", errors["/shape/radius"][0], StringComparison.Ordinal);
        Assert.Equal(5, errors.Count);
    }

    [Theory]
    [InlineData("""{ "numbers": [1], "numbers": [2] }""", "/numbers", "must be given once")]
    [InlineData("""{ "name": "a" }""", "/numbers", "is required")]
    [InlineData("""{ "numbers": null }""", "/numbers", "must not be null")]
    [InlineData("""{ "numbers": [1e400] }""", "/numbers/0", "must be within the range of a double")]
    [InlineData("""{ "numbers": ["NaN"] }""", "/numbers/0", "must be a number")]
    [InlineData("""{ "numbers": [1], "shape": { "radius": 1 } }""", "/shape/kind", "is required; one of circle, square")]
    [InlineData("""{ "numbers": [1], "shape": { "kind": "line" } }""", "/shape/kind", "must be one of circle, square, was \"line\"")]
    [InlineData("""{ "numbers": [1], "shape": { "kind": "circle", "radius": -1 } }""", "/shape/radius", "must be at least 0, was -1")]
    [InlineData("""{ "numbers": [1], "colour": "blue" }""", "/colour", "must be one of red, dark-green")]
    [InlineData("""{ "numbers": [1], "colour": 1 }""", "/colour", "must be one of red, dark-green")]
    [InlineData("""{ "numbers": [1], "rows": [[1], null] }""", "/rows/1", "must not be null")]
    [InlineData("""{ "numbers": [1], "rows": [[1], [2, "x"]] }""", "/rows/1/1", "must be a number")]
    [InlineData("""{ "numbers": [1], "shapes": [{ "kind": "square" }, null] }""", "/shapes/1", "must not be null")]
    [InlineData("""{ "numbers": [1], "name": "\ud800" }""", "/name", "must be text of whole characters")]
    [InlineData("""{ "Numbers": [1] }""", "/Numbers", "is not a known field")]
    [InlineData("""{ "numbers": [1], }""", "", "is not valid JSON at line 1")]
    [InlineData("""{ "numbers": [01] }""", "", "is not valid JSON at line 1")]
    [InlineData("""{ "numbers": [-Infinity] }""", "", "is not valid JSON at line 1, byte 16: the literal -Infinity is no JSON; it is sent as the string \"-Infinity\"")]
    [InlineData("{ \"numbers\":\n [1, Infinity] }", "", "is not valid JSON at line 2, byte 6: the literal Infinity is no JSON; it is sent as the string \"Infinity\"")]
    [InlineData("""{ "numbers": [NaN] }""", "", "is not valid JSON at line 1, byte 15: the literal NaN is no JSON, and no number either")]
    [InlineData("""[]""", "", "must be an object, was an array")]
    [InlineData("""null""", "", "must be an object, was null")]
    [InlineData("""{ "numbers": [1] } x""", "", "is not valid JSON")]
    public void Body_ThatIsWrong_SaysWhere(string json, string pointer, string message)
    {
        var errors = Errors(json);
        Assert.Contains(pointer, errors.Keys);
        Assert.StartsWith(message, errors[pointer][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Body_NestedTooDeeply_IsRefused() =>
        Assert.Contains("", Errors(new string('[', 100_000)).Keys);

    [Fact]
    public void Body_WithInvalidUtf8_IsRefused() =>
        Assert.NotEmpty(Errors([.. Encoding.UTF8.GetBytes("{\"numbers\":[1],\"name\":\""), 0xFF, .. Encoding.UTF8.GetBytes("\"}")]));

    [Fact]
    public void Body_WithInfinities_IsRead()
    {
        var sample = Body<Sample>.Parse("""{ "numbers": ["Infinity", "-Infinity", 5e-324, -0.0] }"""u8.ToArray());
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, 5e-324, -0.0], sample.Numbers);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ ] ")]
    [InlineData("[1]")]
    [InlineData("[ 1 , -2.5e-3 ,\t0.1\n, 1E+2 ]")]
    [InlineData("[0, -0, 0.000, 12345678, 123456789, 0.12345678901234567, 98765432109876543210]")]
    [InlineData("[1, \"Infinity\", 2]")]
    public void Body_ArraysOfNumbers_AreReadAsTheBaseLibraryReadsThem(string array)
    {
        var sample = Body<Sample>.Parse(Encoding.UTF8.GetBytes($$"""{ "name": "é", "numbers": {{array}}, "rows": [{{array}}, {{array}}], "shape": { "kind": "square" } }"""));
        var expected = JsonSerializer.Deserialize<double[]>(array, NamedInfinities)!;
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), sample.Numbers.Select(BitConverter.DoubleToInt64Bits));
        Assert.All(sample.Rows!, row => Assert.Equal(expected, row));
        Assert.IsType<Square>(sample.Shape);
    }

    [Theory]
    [InlineData("[01]")]
    [InlineData("[1.]")]
    [InlineData("[.5]")]
    [InlineData("[+1]")]
    [InlineData("[1e]")]
    [InlineData("[1e+]")]
    [InlineData("[-]")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("[1,,2]")]
    [InlineData("[0x1]")]
    [InlineData("[1")]
    [InlineData("[1}")]
    [InlineData("[Infinity]")]
    [InlineData("[1e400]")]
    [InlineData("[1]]")]
    public void Body_ArraysThatAreNoJson_AreRefused(string array) => Assert.NotEmpty(Errors($$"""{ "numbers": {{array}} }"""));

    [Fact]
    public void Body_DiscriminatorLast_IsRead() =>
        Assert.Equal(new Circle { Radius = 2 }, Body<Sample>.Parse("""{ "numbers": [], "shape": { "radius": 2, "kind": "circle" } }"""u8.ToArray()).Shape);

    [Fact]
    public void Body_WithAMillionFailures_KeepsAHundredAndTheCount()
    {
        var json = $$"""{ "numbers": [{{string.Join(',', Enumerable.Repeat("true", 100_000))}}] }""";
        Assert.Equal(Problems.Limit, Errors(json).Count);
    }

    private static readonly JsonSerializerOptions NamedInfinities = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static IReadOnlyDictionary<string, string[]> Errors(string json) => Errors(Encoding.UTF8.GetBytes(json));

    private static IReadOnlyDictionary<string, string[]> Errors(byte[] json) =>
        Assert.Throws<InvalidInputException>(() => Body<Sample>.Parse(json)).Problems.ByPointer();

    internal sealed record Sample : IChecked
    {
        public required double[] Numbers { get; init; }

        public string? Name { get; init; }

        public Colour? Colour { get; init; }

        public Shape? Shape { get; init; }

        public double[][]? Rows { get; init; }

        public IReadOnlyList<Shape>? Shapes { get; init; }

        public void Check(Problems problems)
        {
            if (Shape is not null) Bounds.Check(Shape, problems.At("shape"));
        }
    }

    internal enum Colour
    {
        Red,
        DarkGreen,
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    internal abstract record Shape;

    internal sealed record Circle : Shape
    {
        [Range(0, double.MaxValue)]
        public double Radius { get; init; } = 1;
    }

    internal sealed record Square : Shape;
}
