using System.Text;
using KlApi.Host;
using KlCore;
using KlCore.Formats;
using KlCore.Training;

namespace KlApi.Jobs;

/// <summary>What jobs read: the datasets and logits of the service, and what earlier jobs left.</summary>
internal sealed class JobInputs(ITrainingInputs data, JobStore store, Artifacts artifacts) : ITrainingInputs
{
    public double[][] Rows(DatasetColumns columns) => data.Rows(columns);

    public void Check(DatasetColumns columns, Problems problems) => data.Check(columns, problems);

    public DatasetFacts? FindDataset(string id) => data.FindDataset(id);

    public bool ReadCells(string id, NumberVisitor numbers, TextVisitor texts) => data.ReadCells(id, numbers, texts);

    public IReadOnlyList<string> Texts(DatasetText column) => data.Texts(column);

    public bool AreLines(DatasetText column) => data.AreLines(column);

    public void CheckTexts(DatasetText column, Problems problems) => data.CheckTexts(column, problems);

    public LogitsFacts? FindLogits(string name) => data.FindLogits(name);

    public IStoredLogits? OpenLogits(string name) => data.OpenLogits(name);

    public TrainingSpecification Read(ReadOnlyMemory<byte> json) => Body<TrainingSpecification>.Parse(json);

    // The core is synchronous; a read of the database does not wait for anything but its start.
    public FinishedTraining? FindTraining(string job)
    {
        if (store.Find(job, CancellationToken.None).GetAwaiter().GetResult() is not { Result: { } result } row) return null;
        return new FinishedTraining(JsonText.Read<TrainingSpecification>(row.Specification!), Encoding.UTF8.GetBytes(result), name => Read(row.Id, name));
    }

    private ReadOnlyMemory<byte>? Read(string job, string name)
    {
        if (store.Artifacts(job, CancellationToken.None).GetAwaiter().GetResult().Find(stored => stored.Name == name) is not { } artifact) return null;
        try
        {
            using var file = artifacts.Open(artifact);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (FileNotFoundException)
        {
            // Deleted between the two lines above.
            return null;
        }
    }
}
