using System.Text.Json;
using KlCore.Drift;

namespace KlCore.Tests.Drift;

/// <summary>Scores and p-values of columns against SciPy's (Reference/drift.py), and what becomes of them.</summary>
public class DriftTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "drift.json"))).RootElement;

    private static readonly double[] X = Golden.GetProperty("x").Deserialize<double[]>()!;
    private static readonly double[] Y = Golden.GetProperty("y").Deserialize<double[]>()!;

    [Theory]
    [InlineData("kolmogorov-smirnov", DriftMethod.KolmogorovSmirnov)]
    [InlineData("wasserstein", DriftMethod.Wasserstein)]
    [InlineData("energy-distance", DriftMethod.EnergyDistance)]
    public void Numbers_ByAMethod_ScoreAsSciPy(string name, DriftMethod method)
    {
        var column = Compare(Numbers(X), Numbers(Y), new ColumnOptions { Name = "x", Method = method });
        var golden = Golden.GetProperty("numeric");
        Assert.Equal(golden.GetProperty(name).GetDouble(), column.Score!.Value, 1e-12);
        Assert.Equal(golden.GetProperty("pValue").GetDouble(), column.PValue!.Value, 1e-12);
        Assert.Equal(golden.GetProperty("mean").GetDouble(), column.Reference.Mean!.Value, 1e-12);
        Assert.Equal(golden.GetProperty("standardDeviation").GetDouble(), column.Reference.StandardDeviation!.Value, 1e-12);
    }

    [Theory]
    [InlineData("jensen-shannon", DriftMethod.JensenShannon, 0)]
    [InlineData("kullback-leibler", DriftMethod.KullbackLeibler, 0.5)]
    [InlineData("population-stability", DriftMethod.PopulationStability, 0.5)]
    [InlineData("hellinger", DriftMethod.Hellinger, 0)]
    [InlineData("total-variation", DriftMethod.TotalVariation, 0)]
    [InlineData("chi-squared", DriftMethod.ChiSquared, 0)]
    [InlineData("g-test", DriftMethod.GTest, 0)]
    public void Categories_ByAMethod_ScoreAsSciPy(string name, DriftMethod method, double pseudocount)
    {
        var options = new DriftOptions { Columns = [new ColumnOptions { Name = "x", Method = method }], Pseudocount = pseudocount };
        var report = Compare([Texts(Golden.GetProperty("reference"))], [Texts(Golden.GetProperty("current"))], options);
        var column = Assert.Single(report.Columns);
        Assert.Equal(Golden.GetProperty("categorical").GetProperty(name).GetDouble(), column.Score!.Value, 1e-12);
        Assert.Equal(Golden.GetProperty(method == DriftMethod.ChiSquared ? "chiPValue" : "gPValue").GetDouble(), column.PValue!.Value, 0.006);
        Assert.Equal(new Dictionary<string, double> { ["e"] = 6 }, column.NewCategories);
        Assert.Equal(new Dictionary<string, double> { ["d"] = 5 }, column.VanishedCategories);
    }

    [Fact]
    public void Categories_WithoutAPseudocount_AreInfinitelyFarWhereOneIsEmpty()
    {
        var column = Compare(Texts(Golden.GetProperty("reference")), Texts(Golden.GetProperty("current")), new ColumnOptions { Name = "x", Method = DriftMethod.PopulationStability });
        Assert.Equal(double.PositiveInfinity, column.Score);
        Assert.Equal(DriftVerdict.Drift, column.Verdict);
        Assert.Contains(column.Warnings, warning => warning.Contains("rule of thumb", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_Cells_AreComparedByTheirShare()
    {
        ColumnSample reference = Numbers(X[..72]), current = Numbers(Y[..45]);
        for (var i = 0; i < 8; i++) reference.AddMissing();
        for (var i = 0; i < 15; i++) current.Add(double.NaN);
        var column = Compare(reference, current, null);
        Assert.Equal((0.1, 0.25), (column.Missing.Reference, column.Missing.Current));
        Assert.Equal(Golden.GetProperty("missingPValue").GetDouble(), column.Missing.PValue, 1e-12);
        Assert.Contains(column.Warnings, warning => warning.Contains("missing cells went", StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_BySizeAndValues_ChooseTypeAndMethod()
    {
        double[] many = [.. Enumerable.Range(0, 2000).Select(i => Math.Sin(i))];
        Assert.Equal((ColumnKind.Numeric, DriftMethod.KolmogorovSmirnov), Chosen(Numbers(X)));
        Assert.Equal((ColumnKind.Numeric, DriftMethod.Wasserstein), Chosen(Numbers(many)));
        Assert.Equal((ColumnKind.Categorical, DriftMethod.ChiSquared), Chosen(Numbers([1, 2, 3, 4, 5, 5, 1, 2])));
        Assert.Equal((ColumnKind.Categorical, DriftMethod.JensenShannon), Chosen(Texts([.. Enumerable.Range(0, 2000).Select(i => $"{i % 7}")])));
        Assert.Equal((ColumnKind.Text, null), Chosen(Texts([.. Enumerable.Range(0, 200).Select(i => $"name {i}")])));
    }

    /// <summary>Under no change a finding of any of 20 columns is as rare as alpha: 40 tables, binomial(40, 0.05) is at most 7 but for 1 in 2000.</summary>
    [Fact]
    public void Tables_OfOneDistribution_SeldomDrift()
    {
        var found = 0;
        for (var table = 0; table < 40; table++)
        {
            var random = new KlCore.Numerics.RandomStream(9, table, "drift tables");
            List<ColumnSample> Draw() => [.. Enumerable.Range(0, 20).Select(i =>
            {
                var column = new ColumnSample($"c{i}");
                for (var row = 0; row < 60; row++)
                    if (i % 2 == 0) column.Add(random.NextNormal());
                    else column.Add($"{random.NextIndex(4)}");
                return column;
            })];
            if (Compare(Draw(), Draw(), new DriftOptions()).Verdict == DriftVerdict.Drift) found++;
        }

        Assert.InRange(found, 0, 7);
    }

    [Fact]
    public void Verdict_OfALargeScoreThatCouldBeChance_IsInconclusive()
    {
        var few = Compare(Numbers([1, 2, 3, 4, 5, 6, 7]), Numbers([3, 4, 5, 6, 7, 8, 9]), new ColumnOptions { Name = "x", Method = DriftMethod.Wasserstein });
        Assert.Equal(DriftVerdict.Inconclusive, few.Verdict);
        Assert.Contains(few.Warnings, warning => warning.Contains("only 7 cells", StringComparison.Ordinal));
        double[] many = [.. Enumerable.Range(0, 5000).Select(i => i * 0.001)];
        // A shift of a hundredth of a deviation is found by the test of 5000 numbers shifted by 0.25, and is not large.
        Assert.Equal(DriftVerdict.None, Compare(Numbers(many), Numbers([.. many.Select(value => value + 0.1)]), null).Verdict);
        Assert.Equal(DriftVerdict.Drift, Compare(Numbers(many), Numbers([.. many.Select(value => value + 0.3)]), null).Verdict);
    }

    [Fact]
    public void Column_ThatBecameText_Drifted()
    {
        var column = Compare(Numbers(X), Texts(["a", "b"]), null);
        Assert.Equal((DriftVerdict.Drift, ColumnKind.Numeric, null), (column.Verdict, column.Type, column.Score));
        var report = Compare([Numbers(X), Numbers(X, "gone")], [Numbers(X), Numbers(X, "new")], new DriftOptions());
        Assert.Equal((1, 2), (report.Columns.Count, report.Warnings.Count));
        Assert.Equal("no-common-columns", Assert.Throws<NotComputableException>(() => Compare([Numbers(X, "gone")], [Numbers(X, "new")], new DriftOptions())).Code);
    }

    /// <summary>50 times 1/50 is summed to more than 1: that must not look like a deviation, in units of which a change of 1 would be 1e15.</summary>
    [Fact]
    public void Distances_FromAConstantReference_AreInUnitsOfTheChange()
    {
        foreach (var rows in (int[])[3, 40, 50, 99])
        {
            var column = Compare(Numbers([.. Enumerable.Repeat(1.0, rows)]), Numbers([.. Enumerable.Repeat(3.0, rows)]), new ColumnOptions { Name = "x", Method = DriftMethod.Wasserstein });
            Assert.Equal((1.0, 0.0, 1.0), (column.Score, column.Reference.StandardDeviation, column.Reference.Mean));
        }
    }

    /// <summary>What is kept of a long column changes a score by less than its resolution.</summary>
    [Fact]
    public void Profile_OfALongColumn_KeepsTheDistribution()
    {
        double[] x = [.. Enumerable.Range(0, 50_000).Select(i => Math.Sin(i) * i % 977)], y = [.. Enumerable.Range(0, 20_000).Select(i => Math.Cos(i) * i % 877)];
        var (kept, whole) = (ColumnProfile.Of(Numbers(x), ColumnKind.Numeric, isWhole: false), ColumnProfile.Of(Numbers(x), ColumnKind.Numeric, isWhole: true));
        Assert.InRange(kept.Values!.Length, 1000, ColumnProfile.MostSteps);
        Assert.Equal(x.Length, kept.Counts.Sum());
        var current = ColumnProfile.Of(Numbers(y), ColumnKind.Numeric, isWhole: true);
        var (rough, exact) = (new NumericScores(kept, current), new NumericScores(whole, current));
        Assert.Equal(exact.KolmogorovSmirnov, rough.KolmogorovSmirnov, 1.5 / ColumnProfile.MostSteps);
        Assert.Equal(exact.Wasserstein, rough.Wasserstein, 0.005);
    }

    /// <summary>Of 6000 categories that are equally frequent 2048 are kept; the same column again has not drifted, and one of other categories has.</summary>
    [Fact]
    public void Profile_OfMoreCategoriesThanAreKept_CountsTheOthersAsOne()
    {
        string[] cells = [.. Enumerable.Range(0, 12_000).Select(i => $"{i % 6000}")];
        var kept = ColumnProfile.Of(Texts(cells), ColumnKind.Categorical, isWhole: false);
        Assert.False(kept.IsComplete);
        ColumnDrift Against(string[] current) => Assert.Single(DriftAnalysis.Compare([new ReferenceColumn(kept, "", null)], [Texts(current)], new DriftOptions(), default).Columns);
        var same = Against(cells);
        Assert.Equal((0, 1, DriftVerdict.None), (Math.Round(same.Score!.Value, 12), Math.Round(same.PValue!.Value, 12), same.Verdict));
        var other = Against([.. Enumerable.Range(0, 12_000).Select(i => $"other {i % 6000}")]);
        // A share of 2048/6000 is in the categories of before, and none now.
        Assert.Equal(DriftVerdict.Drift, other.Verdict);
    }

    [Fact]
    public void Rows_ThatLackCells_CountThemAsMissing()
    {
        var columns = JsonSerializer.Deserialize<RowCells>("""[{"a":1},{},{},{"b":2},{},{"a":3,"b":"x"},{}]""")!.Samples;
        Assert.Equal([("a", 7L, 5L, 2L), ("b", 7L, 5L, 2L)], columns.Select(column => (column.Name, column.Rows, column.Missing, column.Count)));
    }

    [Fact]
    public void Numbers_FarFromAReferenceOfTinySpread_AreInfinitelyFar()
    {
        foreach (var method in new[] { DriftMethod.Wasserstein, DriftMethod.EnergyDistance })
            Assert.Equal(double.PositiveInfinity, Compare(Numbers([0, 1e-310, 2e-310]), Numbers([1e10, 2e10, 3e10]), new ColumnOptions { Name = "x", Type = ColumnKind.Numeric, Method = method }).Score);
    }

    [Theory]
    [InlineData(1e308, -1e308)]
    [InlineData(5e-324, 0)]
    [InlineData(3, 3)]
    public void Numbers_AtTheEnds_HaveAScore(double first, double second)
    {
        double[] x = [first, first, second, first / 2, first / 4, first / 8, second / 2], y = [second, second, first];
        foreach (var method in Enum.GetValues<DriftMethod>())
        {
            var column = Compare(Numbers(x), Numbers(y), new ColumnOptions { Name = "x", Type = ColumnKind.Numeric, Method = method });
            Assert.False(double.IsNaN(column.Score!.Value) || double.IsNaN(column.PValue!.Value), $"{method}: {column.Score}, {column.PValue}");
            Assert.True(double.IsFinite(column.Reference.StandardDeviation!.Value) && double.IsFinite(column.Reference.Mean!.Value));
        }

        Assert.NotNull(DriftCharts.Column(ColumnProfile.Of(Numbers(x), ColumnKind.Numeric, isWhole: true), ColumnProfile.Of(Numbers(y), ColumnKind.Numeric, isWhole: true)));
    }

    private static (ColumnKind, DriftMethod?) Chosen(ColumnSample column) => Compare(column, column, null) is var drift ? (drift.Type, drift.Method) : default;

    private static ColumnDrift Compare(ColumnSample reference, ColumnSample current, ColumnOptions? options) =>
        Assert.Single(Compare([reference], [current], new DriftOptions { Columns = options is null ? null : [options] }).Columns);

    private static DriftReport Compare(IReadOnlyList<ColumnSample> reference, IReadOnlyList<ColumnSample> current, DriftOptions options)
    {
        var problems = new Problems();
        options.Check(problems);
        var profiles = DriftAnalysis.Profile(reference, options, isWhole: true, problems);
        Assert.False(problems.Any, string.Join(' ', problems.ByPointer().Select(problem => $"{problem.Key} {problem.Value[0]}")));
        return DriftAnalysis.Compare(profiles, current, options, default);
    }

    private static ColumnSample Numbers(double[] values, string name = "x")
    {
        var column = new ColumnSample(name);
        foreach (var value in values) column.Add(value);
        return column;
    }

    private static ColumnSample Texts(string[] values)
    {
        var column = new ColumnSample("x");
        foreach (var value in values) column.Add(value);
        return column;
    }

    private static ColumnSample Texts(JsonElement counts) => Texts([.. counts.EnumerateObject().SelectMany(entry => Enumerable.Repeat(entry.Name, entry.Value.GetInt32()))]);
}
