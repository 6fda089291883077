using System.Text.Json;
using KlCore.Divergences;

namespace KlCore.Tests.Divergences;

public class CatalogueTests
{
    [Fact]
    public void All_EveryRecord_IsListed() =>
        Assert.Empty(typeof(Divergence).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Divergence)) && !type.IsAbstract).Except(Catalogue.All.Select(entry => entry.Type)));

    [Fact]
    public void Smoothing_EveryRecord_IsListed()
    {
        var records = typeof(Smoothing).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Smoothing)) && !type.IsAbstract).ToArray();
        var listed = typeof(Smoothing).GetCustomAttributes(false).OfType<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(line => line.DerivedType);
        Assert.Equal(8, records.Length);
        Assert.Empty(records.Except(listed));
    }

    [Fact]
    public void All_Names_AreThoseOfTheContract() => Assert.Equal(
        [
            "kullback-leibler", "jeffreys", "jensen-shannon", "jensen-shannon-distance", "skew", "k-divergence", "topsoe", "renyi", "tsallis", "alpha", "power",
            "chi-squared", "hellinger", "squared-hellinger", "bhattacharyya", "total-variation", "triangular", "population-stability", "cross-entropy",
            "generalized-kullback-leibler", "wasserstein", "sinkhorn", "energy-distance", "kolmogorov-smirnov",
        ],
        Catalogue.All.Select(entry => entry.Name));

    [Fact]
    public void All_Parameters_SayTheirBoundsAndDefaults()
    {
        Assert.Equal(new Parameter("order", "number", "at least 0", null, null), Entry("renyi").Parameters.Single());
        Assert.Equal(new Parameter("weight", "number", "at least 0 and at most 1", null, 0.5), Entry("jensen-shannon").Parameters.Single());
        Assert.Equal(["forward", "reverse"], Entry("kullback-leibler").Parameters.Single().Values);
        Assert.Equal(["alpha"], Entry("alpha").Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void All_Descriptions_AreInAscii() =>
        Assert.All(Catalogue.All, entry => Assert.True(entry.Description.ToString().All(char.IsAscii), entry.Name));

    [Theory]
    [InlineData("""{"name":"tsallis","order":"Infinity"}""", "order", "must be finite and at least 0, was Infinity")]
    [InlineData("""{"name":"renyi","order":-1}""", "order", "must be at least 0, was -1")]
    [InlineData("""{"name":"jensen-shannon","weight":1.5}""", "weight", "must be at least 0 and at most 1, was 1.5")]
    [InlineData("""{"name":"wasserstein","order":3}""", "order", "must be at least 1 and at most 2, was 3")]
    [InlineData("""{"name":"alpha","alpha":"Infinity"}""", "alpha", "must be finite, was Infinity")]
    [InlineData("""{"name":"sinkhorn","regularization":0}""", "regularization", "must be greater than 0, was 0")]
    public void Check_OutsideTheBounds_NamesTheParameter(string json, string parameter, string message)
    {
        var measure = JsonSerializer.Deserialize<Divergence>(json, Golden.Options)!;
        var error = Assert.Throws<InvalidInputException>(() => measure.Between(Pair.From([0.5, 0.5], [0.25, 0.75])));
        Assert.Equal([message], error.Problems.ByPointer()["/" + parameter]);
    }

    [Fact]
    public void Json_EveryMeasure_ComesBackAsItWas()
    {
        foreach (var measure in Sample.Measures.Values)
            Assert.Equal(measure, JsonSerializer.Deserialize<Divergence>(JsonSerializer.Serialize(measure, Golden.Options), Golden.Options));
    }

    private static CatalogueEntry Entry(string name) => Catalogue.All.Single(entry => entry.Name == name);
}
