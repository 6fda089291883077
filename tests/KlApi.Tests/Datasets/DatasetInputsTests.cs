using KlApi.Tests.Host;
using KlCore;
using KlCore.Training;
using Microsoft.Extensions.DependencyInjection;

namespace KlApi.Tests.Datasets;

public sealed class DatasetInputsTests : IDisposable
{
    private readonly Service _service = new Service().With("KlService:Limits:DatasetNumbers", "6");
    private readonly HttpClient _client;

    public DatasetInputsTests() => _client = _service.CreateClient();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private ITrainingInputs Inputs => _service.Services.GetRequiredService<ITrainingInputs>();

    private async Task<Dictionary<string, string>> Problems(string text, params string[]? columns)
    {
        var problems = new Problems();
        Inputs.Check(new DatasetColumns(await _client.UploadId(text), columns) { Member = "target" }, problems);
        return problems.ByPointer().ToDictionary(entry => entry.Key, entry => entry.Value[0]);
    }

    [Fact]
    public async Task Rows_NamedColumns_ComeInTheOrderOfTheirNames()
    {
        var id = await _client.UploadId("a,b,c\n1,x,3\n4,y,6\n");
        double[][] expected = [[3, 1], [6, 4]];
        Assert.Equal(expected, Inputs.Rows(new DatasetColumns(id, ["c", "a"])));
        Assert.Equal([[1, 3], [4, 6]], Inputs.Rows(new DatasetColumns(id, null)));
    }

    [Fact]
    public async Task Rows_OfEachFormat_AreItsNumbers()
    {
        var npy = (await _client.Upload(Uploads.Npy, "application/x-npy")).Json["id"]!.GetValue<string>();
        Assert.Equal([[1, 2, 3], [4, 5, 6]], Inputs.Rows(new DatasetColumns(npy, null)));
        var json = await _client.UploadId("{\"x\":1,\"t\":\"a\"}\n{\"t\":\"b\",\"x\":-2.5}", "application/x-ndjson");
        Assert.Equal([[1], [-2.5]], Inputs.Rows(new DatasetColumns(json, ["x"])));
        var said = (await _client.Upload("1,2\n3,4\n", query: "?header=true")).Json["id"]!.GetValue<string>();
        Assert.Equal([[3, 4]], Inputs.Rows(new DatasetColumns(said, ["1", "2"])));
    }

    [Fact]
    public async Task Check_WhatCanBeRead_SaysNothing() => Assert.Empty(await Problems("a,b\n1,x\n", "a"));

    [Fact]
    public async Task Check_UnknownColumns_NamesThoseThereAre()
    {
        var problems = await Problems("a,b\n1,x\n", "a", "A", "c");
        Assert.Equal(["/target/columns/1", "/target/columns/2"], problems.Keys.Order());
        Assert.Equal("must be a column of the dataset, which has 'a', 'b'", problems["/target/columns/1"]);
    }

    [Fact]
    public async Task Check_Text_NamesTheColumnsOfNumbers() =>
        Assert.Equal("must be a column of numbers, it holds text; of numbers are 'a'", (await Problems("a,b\n1,x\n", "b"))["/target/columns/0"]);

    [Fact]
    public async Task Check_OneColumnByItsOwnField_IsNamedThere()
    {
        var problems = new Problems();
        Inputs.Check(new DatasetColumns(await _client.UploadId("a,b\n1,x\n"), ["b"]) { Member = "target", IsSingle = true }, problems);
        Assert.Equal(["/target/column"], problems.ByPointer().Keys);
    }

    [Theory]
    [InlineData(2, 100, "at most 2 rows")]
    [InlineData(100, 3, "at most 3 numbers")]
    public async Task Check_MoreThanTheRunCanUse_IsRefused(long rows, long numbers, string said)
    {
        var problems = new Problems();
        var columns = new DatasetColumns(await _client.UploadId("a,b\n1,1\n1,1\n1,1\n"), null) { Member = "target", MaximumRows = rows, MaximumNumbers = numbers };
        Inputs.Check(columns, problems);
        Assert.Contains(said, problems.ByPointer()["/target/dataset"][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_MissingCells_CountsThem() =>
        Assert.Contains("2 cells", (await Problems("a,b\n1,1\n,1\nNaN,1\n", "a"))["/target/columns/0"], StringComparison.Ordinal);

    [Fact]
    public async Task Check_NothingToRead_IsSaid()
    {
        Assert.Contains("none", (await Problems("a\nx\n", null))["/target/dataset"], StringComparison.Ordinal);
        Assert.Contains("at least one", (await Problems("a\n1\n"))["/target/columns"], StringComparison.Ordinal);
        Assert.Contains("differ", (await Problems("a\n1\n", "a", "a"))["/target/columns/1"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_TooManyNumbers_IsRefusedByTheLimit()
    {
        Assert.Empty(await Problems("a,b\n1,2\n1,2\n1,2\n", null));
        Assert.Contains("at most 6", (await Problems("a,b\n1,2\n1,2\n1,2\n1,2\n", null))["/target/dataset"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_OfEachFormat_AreItsCells()
    {
        using var service = new Service();
        using var client = service.CreateClient();
        var inputs = service.Services.GetRequiredService<ITrainingInputs>();
        var csv = new DatasetText(await client.UploadId("n,t\n1.50,\"a, \"\"b\"\"\"\n2,é\n"), null);
        Assert.Equal(["a, \"b\"", "é"], inputs.Texts(csv));
        Assert.Equal(["1.50", "2"], inputs.Texts(csv with { Column = "n" }));
        var json = new DatasetText(await client.UploadId("{\"id\":\"x\",\"text\":\"a\\nb\"}\n{\"text\":\"\\u00e9\",\"id\":\"y\"}", "application/x-ndjson"), null);
        Assert.Equal(["a\nb", "é"], inputs.Texts(json));
        Assert.Equal(["x", "y"], inputs.Texts(json with { Column = "id" }));
        var text = new DatasetText(await client.UploadId("one\r\n\ntwo", "text/plain"), null);
        Assert.Equal(["one", "", "two"], inputs.Texts(text));
        Assert.Equal(["one", "", "two"], inputs.Texts(text with { Column = "text" }));
        Assert.Equal([false, false, true], new[] { csv, json, text }.Select(inputs.AreLines));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", null, "/data/dataset", "must have a column of text, it has none; of numbers are 'a', 'b', which can be named")]
    [InlineData("a,b\nx,y\n", null, "/data/column", "must be named where several hold text, of text are 'a', 'b'")]
    [InlineData("a,b\nx,y\n", "c", "/data/column", "must be a column of the dataset, which has 'a', 'b'")]
    [InlineData("a,b\nx,\n,2\n", "a", "/data/column", "must have a text in every row, has 1 cells that hold nothing in column 'a'")]
    [InlineData("a,b\nx,\n,2\n", null, "/data/dataset", "must have a text in every row, has 1 cells that hold nothing in column 'a'")]
    [InlineData("a\nx123456789\n", null, "/data/dataset", "must have at most 8 characters in the column that is read, has 10 or more")]
    public async Task CheckTexts_WhatCannotBeRead_IsSaidAtItsPlace(string csv, string? column, string pointer, string said)
    {
        var problems = new Problems();
        var asked = new DatasetText(await _client.UploadId(csv), column) { Member = "data" };
        Inputs.CheckTexts(asked, problems);
        var (key, messages) = Assert.Single(problems.ByPointer());
        Assert.Equal((pointer, said), (key, messages[0]));
        Assert.Equal($"{pointer}: {said}", Assert.Throws<InvalidInputException>(() => Inputs.Texts(asked)).Message);
    }

    [Theory]
    [InlineData("a,b\nx12345678,1\n", 100, 8)]
    [InlineData("a,b\nx1234,1\n", 4, 4)]
    [InlineData("a\né\n", 0, 0)]
    public async Task CheckTexts_LongerThanTheLimitOrTheRunCanUse_IsRefused(string csv, long usable, long most)
    {
        var problems = new Problems();
        Inputs.CheckTexts(new DatasetText(await _client.UploadId(csv), null) { MaximumCharacters = usable }, problems);
        Assert.Contains($"at most {most} characters", problems.ByPointer()["/dataset"][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckTexts_ALongFileWithAShortColumn_IsTaken()
    {
        var problems = new Problems();
        Inputs.CheckTexts(new DatasetText(await _client.UploadId("number,a\n1000000000000000000000000000000000000000000,éé\n"), null) { MaximumCharacters = 2 }, problems);
        Assert.False(problems.Any);
    }

    [Fact]
    public async Task CheckTexts_ArraysAndUnknownOrDeletedDatasets_AreRefused()
    {
        var array = (await _client.Upload(Uploads.Npy, "application/x-npy")).Json["id"]!.GetValue<string>();
        var deleted = await _client.UploadId("a\nx\n");
        await _client.Remove(deleted);
        foreach (var (id, said) in new[] { (array, "must hold text"), (deleted, "there is none with this id"), ("../../etc/passwd", "there is none with this id") })
        {
            var problems = new Problems();
            Inputs.CheckTexts(new DatasetText(id, null) { Member = "data" }, problems);
            Assert.Contains(said, problems.ByPointer()["/data/dataset"][0], StringComparison.Ordinal);
            Assert.Contains(said, Assert.Throws<InvalidInputException>(() => Inputs.Texts(new DatasetText(id, null))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rows_OfADeletedDataset_FailsClearly()
    {
        var id = await _client.UploadId("a\n1\n");
        await _client.Remove(id);
        var error = Assert.Throws<InvalidInputException>(() => Inputs.Rows(new DatasetColumns(id, ["a"])));
        Assert.Contains("there is none with this id", error.Message, StringComparison.Ordinal);
        var problems = new Problems();
        Inputs.Check(new DatasetColumns("../../etc/passwd", ["a"]) { Member = "target" }, problems);
        Assert.Equal(["/target/dataset"], problems.ByPointer().Keys);
    }
}
