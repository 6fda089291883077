using KlCore.Losses;
using static KlCore.Tests.Losses.LossSample;

namespace KlCore.Tests.Losses;

/// <summary>Masks, reductions over sequences, and batches that are refused.</summary>
public sealed class DistillationBatchTests
{
    private static readonly Loss Forward = new ForwardKullbackLeibler();

    [Fact]
    public void Evaluate_MaskedRows_CountForNothingWhateverTheyHold()
    {
        double[] nonsense = [double.NaN, double.PositiveInfinity];
        var found = LossEvaluation.Of(Forward, Batch([[0, 1], nonsense, [2, 0]], [[1, 0], nonsense, [0, 0]], [0, -100, 1]), new LossOptions { Gradient = true });
        var alone = LossEvaluation.Of(Forward, Batch([[0, 1], [2, 0]], [[1, 0], [0, 0]]), new LossOptions());
        Assert.Equal(0, found.PerPosition[1]);
        Assert.Equal([0, 0], found.Gradient!.Rows[1]!);
        Assert.Equal((alone.Reductions.Sum, alone.Reductions.TokenMean, alone.Reductions.ElementMean), (found.Reductions.Sum, found.Reductions.TokenMean, found.Reductions.ElementMean));
        Assert.Equal(alone.Reductions.Sum / 3, found.Reductions.BatchMean);
    }

    [Fact]
    public void Evaluate_EveryRowMasked_IsNotComputable() =>
        Assert.Equal("no-positions", Assert.Throws<NotComputableException>(() => LossEvaluation.Of(Forward, Batch([[0, 1]], [[1, 0]], [-100]), new LossOptions())).Code);

    [Fact]
    public void Evaluate_Sequences_DivideTheBatchMeanByTheirNumber()
    {
        double[][] teacher = Rows(1, 5, 4, 2), student = Rows(2, 5, 4, 2);
        var flat = LossEvaluation.Of(Forward, Batch(teacher, student), new LossOptions());
        var batch = new DistillationBatch { Teacher = new(teacher, [3, 2]), Student = new(student, [3, 2]), Labels = new([[0, -100, 1], [2, 3]]) };
        var found = LossEvaluation.Of(Forward, batch, new LossOptions { Gradient = true });
        Assert.Equal((1.0, 4.0, 2.0, 16.0), (found.Divisors.Sum, found.Divisors.TokenMean, found.Divisors.BatchMean, found.Divisors.ElementMean));
        Assert.Equal(flat.PerPosition.Where((_, i) => i != 1).Sum() / 2, found.Reductions.BatchMean, 1e-14);
        Assert.Equal([3, 2], found.Gradient!.Lengths);
    }

    [Fact]
    public void Evaluate_InBits_DividesWhatFollowsTheUnit()
    {
        var batch = Batch([[0, 1]], [[1, 0]]);
        LossEvaluation In(Unit unit, Loss loss) => LossEvaluation.Of(loss, batch, new LossOptions { Unit = unit, Gradient = true });
        Assert.Equal(In(Unit.Nats, Forward).Reductions.Sum / Math.Log(2), In(Unit.Bits, Forward).Reductions.Sum, 1e-15);
        Assert.Equal(In(Unit.Nats, Forward).Gradient!.Rows[0]![0] / Math.Log(2), In(Unit.Bits, Forward).Gradient!.Rows[0]![0], 1e-15);
        Assert.Equal(In(Unit.Nats, new TotalVariation()).Reductions.Sum, In(Unit.Bits, new TotalVariation()).Reductions.Sum);
    }

    [Fact]
    public void Check_EveryKindOfFailure_IsNamedAtItsPlace()
    {
        Assert.Equal(["/student"], Pointers(Batch([[0, 1]], [[1, 0], [1, 1]])));
        Assert.Equal(["/student"], Pointers(Batch([], [])));
        Assert.Equal(["/teacher/1", "/student/1"], Pointers(Batch([[0, 1], [1]], [[1, 0], [1, 2, 3]])));
        Assert.Equal(["/teacher/0", "/student/0"], Pointers(Batch([[]], [[]])));
        Assert.Equal(["/teacher/0/1", "/student/0/0"], Pointers(Batch([[0, double.NaN]], [[double.PositiveInfinity, 0]])));
        Assert.Equal(["/student/0"], Pointers(Batch([[0, 1]], [[double.NegativeInfinity, double.NegativeInfinity]])));
        Assert.Equal(["/labels"], Pointers(Batch([[0, 1]], [[1, 0]], [1, 1])));
        Assert.Equal(["/labels/0", "/labels/2"], Pointers(Batch([[0, 1], [0, 1], [0, 1]], [[1, 0], [0, 1], [0, 1]], [2, 1, -1])));
        Assert.Equal(["/labels"], Pointers(Batch([[0, 1]], [[1, 0]]), new CrossEntropy()));
        Assert.Equal(["/labels"], Pointers(Batch([[0, 1]], [[1, 0]]), new Decoupled()));
        var sequences = new DistillationBatch { Teacher = new([[0, 1], [0, 1]], [1, 1]), Student = new([[0, 1], [0, double.NaN]], [1, 1]), Labels = new([[0], [7]]) };
        Assert.Equal(["/labels/1/0"], Pointers(sequences));
        Assert.Equal(["/student/1/0/1"], Pointers(sequences with { Labels = new([[0], [1]]) }));
        Assert.Equal(["/labels"], Pointers(sequences with { Labels = new([0, 1]) }));
        Assert.Equal(["/student"], Pointers(new DistillationBatch { Teacher = new([[0, 1], [0, 1]], [1, 1]), Student = new([[0, 1], [0, 1]], [2]) }));
    }

    private static string[] Pointers(DistillationBatch batch, Loss? loss = null) =>
        [.. Assert.Throws<InvalidInputException>(() => LossEvaluation.Of(loss ?? Forward, batch, new LossOptions())).Problems.ByPointer().Keys];
}
