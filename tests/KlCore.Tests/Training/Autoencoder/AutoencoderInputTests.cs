using KlCore.Tests.Training.DensityFit;
using KlCore.Training;
using KlCore.Training.Autoencoder;

namespace KlCore.Tests.Training.Autoencoder;

/// <summary>What a specification may say, how columns are scaled, how pictures are put together.</summary>
public class AutoencoderInputTests
{
    private const string Example = """
        { "kind": "autoencoder", "data": { "rows": [[0, 1, 0], [1, 0, 1], [0, 1, 1]] }, "encoder": [ { "units": 3 } ], "latentSize": 2, "beta": 1, "reconstruction": { "name": "bernoulli" }, "epochs": 5, "batchSize": 2 }
        """;

    [Theory]
    [InlineData("\"latentSize\": 2", "\"latentSize\": 0", "/latentSize")]
    [InlineData("\"beta\": 1", "\"beta\": -1", "/beta")]
    [InlineData("\"beta\": 1", "\"freeBits\": -1", "/freeBits")]
    [InlineData("\"beta\": 1", "\"samples\": 1000000", "/samples")]
    [InlineData("\"beta\": 1", "\"imageWidth\": 2", "/imageWidth")]
    [InlineData("\"beta\": 1", "\"imageWidth\": 0", "/imageWidth")]
    [InlineData("\"beta\": 1", "\"validationFraction\": 1", "/validationFraction")]
    [InlineData("\"beta\": 1", "\"validationFraction\": 0, \"earlyStopping\": {}", "/earlyStopping")]
    [InlineData("\"beta\": 1", "\"earlyStopping\": { \"patience\": 0 }", "/earlyStopping/patience")]
    [InlineData("\"beta\": 1", "\"annealing\": { \"name\": \"linear\", \"epochs\": 0 }", "/annealing/epochs")]
    [InlineData("\"beta\": 1", "\"annealing\": { \"name\": \"cyclical\", \"growth\": 0 }", "/annealing/growth")]
    [InlineData("\"beta\": 1", "\"scaling\": \"standard\"", "/scaling")]
    [InlineData("\"beta\": 1", "\"optimizer\": { \"name\": \"adam\", \"learningRate\": 0 }", "/optimizer/learningRate")]
    [InlineData("\"beta\": 1", "\"decoder\": [ { \"units\": 0 } ]", "/decoder/0/units")]
    [InlineData("\"units\": 3", "\"units\": 0", "/encoder/0/units")]
    [InlineData("\"epochs\": 5", "\"epochs\": 0", "/epochs")]
    [InlineData("\"batchSize\": 2", "\"batchSize\": 0", "/batchSize")]
    [InlineData("{ \"name\": \"bernoulli\" }", "{ \"name\": \"gaussian\", \"standardDeviation\": 0 }", "/reconstruction/standardDeviation")]
    [InlineData("[1, 0, 1]", "[1, 0]", "/data/rows/1")]
    [InlineData("[1, 0, 1]", "[1, 0, 1e300]", "/data/rows/1/2")]
    [InlineData("\"rows\": [[0, 1, 0], [1, 0, 1], [0, 1, 1]]", "\"rows\": [[1]]", "/data/rows")]
    [InlineData("\"rows\": [[0, 1, 0], [1, 0, 1], [0, 1, 1]]", "\"rows\": [[], []]", "/data/rows/0")]
    [InlineData("\"rows\": [[0, 1, 0], [1, 0, 1], [0, 1, 1]]", "\"columns\": [\"a\"]", "/data")]
    [InlineData("\"rows\": [[0, 1, 0], [1, 0, 1], [0, 1, 1]]", "\"dataset\": \"\"", "/data/dataset")]
    [InlineData("\"rows\": [[0, 1, 0], [1, 0, 1], [0, 1, 1]]", "\"dataset\": \"d\", \"columns\": []", "/data/columns")]
    [InlineData("\"rows\": [[0, 1, 0], [1, 0, 1], [0, 1, 1]]", "\"dataset\": \"d\", \"columns\": [\"a\", \"a\"]", "/data/columns")]
    public void Check_OfAnIllegalValue_NamesIt(string legal, string illegal, string pointer)
    {
        Assert.Empty(Fits.Problems(Example));
        Assert.Contains(legal, Example, StringComparison.Ordinal);
        Assert.Contains(pointer, Fits.Problems(Example.Replace(legal, illegal, StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_OfUnscaledNumbersBeyondOne_NamesThem() =>
        Assert.Equal(["/data/rows/1/0"], Fits.Problems(Example.Replace("[1, 0, 1]", "[2, 0, 1]", StringComparison.Ordinal).Replace("\"beta\": 1", "\"scaling\": \"none\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"units\": 3", "\"units\": 65536 }, { \"units\": 65536", "/encoder")]
    [InlineData("\"epochs\": 5", "\"epochs\": 100000, \"decoder\": [ { \"units\": 20000 }, { \"units\": 1000 } ]", "/epochs")]
    public void Check_OfTooMuch_SaysTheEstimate(string legal, string illegal, string pointer)
    {
        var json = Example.Replace(legal, illegal, StringComparison.Ordinal);
        if (pointer == "/epochs") json = json.Replace("[0, 1, 1]]", "[0, 1, 1]" + string.Concat(Enumerable.Repeat(", [0, 1, 1]", 3000)) + "]", StringComparison.Ordinal);
        Assert.Contains(pointer, Fits.Problems(json));
    }

    [Theory]
    [InlineData(Scaling.MinimumMaximum, new[] { 0.5, 0, 0 })]
    [InlineData(Scaling.CommonRange, new[] { 0.1, 0.3, 0.2 })]
    [InlineData(Scaling.Standard, new[] { 0, -1, 0.0 })]
    [InlineData(Scaling.None, new[] { 1, 3, 2.0 })]
    public void Scaling_OfARow_IsLearntFromThoseThatTrain(Scaling how, double[] expected)
    {
        // The last row is held out; the third column never varies.
        double[][] rows = [[0, 10, 2], [2, 3, 2], [1, 3, 2], [1, 10, 2], [50, 50, 50]];
        var scaling = ColumnScaling.Of(how, rows, [0, 1, 2, 3]);
        var scaled = new float[3];
        scaling.Apply([1, 3, 2], scaled);
        Assert.Equal(expected, scaled.Select(value => Math.Round((double)value, 6)));
        Assert.Equal([1, 3, 2], scaling.Invert(scaled).Select(value => Math.Round(value, 5)));
    }

    [Fact]
    public void Scaling_Unasked_FollowsFromReconstructionAndPicture()
    {
        static Scaling Of(double[][] rows, string more) => AutoencoderRows.Of(Autoencoders.Read(Autoencoders.Json(rows, more)), rows).Scaling.Name;
        var (pictures, plain) = (Autoencoders.Bars(10), Autoencoders.Bars(10).Select(row => row[..9]).ToArray());
        Assert.Equal(Scaling.CommonRange, Of(pictures, "\"latentSize\": 2"));
        Assert.Equal(Scaling.MinimumMaximum, Of(plain, "\"latentSize\": 2"));
        Assert.Equal(Scaling.CommonRange, Of(plain, "\"imageWidth\": 3"));
        Assert.Equal(Scaling.Standard, Of(plain, "\"reconstruction\": { \"name\": \"gaussian\" }"));
    }

    [Fact]
    public void PictureGrid_OfThreePictures_LeavesTheFourthPlaceAndTheGapsBlank()
    {
        var grid = PictureGrid.Of([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], width: 2, perLine: 2);
        Assert.Equal([[1, 2, double.NaN, 5, 6], [3, 4, double.NaN, 7, 8], [.. Enumerable.Repeat(double.NaN, 5)], [9, 10, double.NaN, double.NaN, double.NaN], [11, 12, double.NaN, double.NaN, double.NaN]], grid);
    }

    [Fact]
    public void Draw_OfEachChart_ShowsTheRun()
    {
        var specification = Autoencoders.Read(Autoencoders.Json(Autoencoders.Bars(40), """ "encoder": [ { "units": 5 } ], "latentSize": 2, "epochs": 3, "samples": 5 """));
        using var run = specification.Start(Fits.NoInputs.Instance);
        var history = new Dictionary<string, (List<long> Steps, List<double> Values)>();
        while (!run.IsComplete)
        {
            foreach (var (name, value) in run.Step())
            {
                if (!history.TryGetValue(name, out var values)) history[name] = values = ([], []);
                values.Steps.Add(run.CompletedSteps);
                values.Values.Add(value);
            }
        }

        var metrics = history.ToDictionary(entry => entry.Key, entry => new MetricHistory(entry.Value.Steps, entry.Value.Values));
        ReadOnlyMemory<byte> result = run.Finish().Artifacts.Single(artifact => artifact.Name == "report.json").Content;
        Assert.Equal(["loss", "kl", "latents", "samples", "reconstructions"], specification.ChartNames());
        Assert.All(specification.ChartNames(), name => Assert.Null(specification.Draw(name, new Dictionary<string, MetricHistory>(), null)));
        var loss = specification.Draw("loss", metrics, null)!;
        Assert.Equal(["training", "validation", "validation, reconstruction"], loss.Series.Select(series => series.Name));
        Assert.Equal([1, 2, 3], loss.Series[1].X);
        Assert.Equal(metrics["validationLoss"].Values, loss.Series[1].Y);
        Assert.Equal(2, specification.Draw("latents", metrics, result)!.Series[0].Y.Count);
        // Five pictures of four by four in two lines of three; sixteen originals in two bands, each above what came back (of 8 held-out rows: one band of 4, twice).
        Assert.Equal((9, 14), Size("samples"));
        Assert.Equal((19, 19), Size("reconstructions"));
        Assert.True(specification.Draw("samples", metrics, result)!.Cells!.IsGrey);

        (int, int) Size(string name) => specification.Draw(name, metrics, result)!.Cells!.Rows is var rows ? (rows.Count, rows[0].Count) : default;
    }
}
