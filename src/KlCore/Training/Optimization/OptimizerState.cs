using System.Numerics;
using KlCore.Formats;

namespace KlCore.Training.Optimization;

/// <summary>What an optimizer remembers: how many steps it took, and some numbers for each parameter.</summary>
internal sealed class OptimizerState<T>(int slots, int parameters)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Steps taken so far.</summary>
    public long Steps { get; set; }

    /// <summary>The remembered numbers, one array for each slot; zero at first.</summary>
    public T[][] Slots { get; } = [.. Enumerable.Range(0, slots).Select(_ => new T[parameters])];

    /// <summary>The state as tensors for a checkpoint.</summary>
    public IEnumerable<Tensor> Save()
    {
        yield return new Tensor("optimizer.steps", Steps);
        for (var i = 0; i < Slots.Length; i++) yield return Tensor.Of<T>($"optimizer.{i}", [Slots[i].Length], Slots[i]);
    }

    /// <summary>Continues from tensors that <see cref="Save"/> gave.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        Steps = checkpoint.Count("optimizer.steps");
        for (var i = 0; i < Slots.Length; i++) checkpoint.Read<T>($"optimizer.{i}", Slots[i]);
    }
}
